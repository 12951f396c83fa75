import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('setTimelineVisibility', {
  description:
    'Proposes an entry of the timeline for the status page, or takes the proposal back. The entry itself is not rewritten.',
  fields: (t) => ({
    sequence: t.field({
      type: 'SafeInt',
      required: true,
      description: 'The `sequence` of the entry; it must be of this incident.',
    }),
    isPublic: t.boolean({ required: true, description: 'Whether it is proposed for the status page.' }),
    reason: t.string({ description: `Why, for the timeline. ${upTo(limits.reason)}` }),
  }),
  command: (input) => input,
});
