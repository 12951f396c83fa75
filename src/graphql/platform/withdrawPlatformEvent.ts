import { organizationMutation } from '../mutation/organizationMutation.ts';
import { isPublished } from './isPublished.ts';

organizationMutation('withdrawPlatformEvent', {
  description:
    'Takes an approval back: no other organization sees the entry any more. That it was approved stays in the ledger. For superadmins, acting in the organization `platform`.',
  fields: (t) => ({
    sequence: t.field({
      type: 'SafeInt',
      required: true,
      description: 'The `sequence` of the entry.',
    }),
  }),
  prepare: (command) => ({ command }),
  payload: isPublished,
});
