import { limits } from '../../domain/incident/limits.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { upTo } from '../mutation/upTo.ts';
import { isPublished } from './isPublished.ts';

organizationMutation('approvePlatformEvent', {
  description:
    "Shows an entry of the platform's timeline to every organization: one that is proposed (`isPublic`), in the words given here. Approving again replaces them. For superadmins, acting in the organization `platform`.",
  fields: (t) => ({
    sequence: t.field({
      type: 'SafeInt',
      required: true,
      description: 'The `sequence` of the entry.',
    }),
    message: t.string({
      description: `What is published. ${upTo(limits.message)} Absent: the text of a note or a status message, or a plain sentence for what else happens to every incident.`,
    }),
  }),
  prepare: (command) => ({ command }),
  payload: isPublished,
});
