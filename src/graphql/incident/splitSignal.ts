import { limits } from '../../domain/incident/limits.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { idOf } from '../globalId.ts';
import { absentId, incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('splitSignal', {
  description:
    'Declares an incident of its own for a signal of an open one: `events` say which. What its source says next comes to the new incident, unless other alerts of the same group stay; then it comes to the old one. A synced incident that its source has resolved, and that only this alert kept open, is resolved with it. Both change together, or neither does.',
  fields: (t) => ({
    signalId: t.id({
      required: true,
      description:
        'The signal, which is of this incident itself and not of one that was merged into it: its `id`.',
    }),
    reason: t.string({ required: true, description: `Why it is another matter. ${upTo(limits.reason)}` }),
    title: t.string({
      description: `What is wrong, in a line; the signal's summary unless given. ${upTo(limits.title)}`,
    }),
    severity: t.field({
      type: IncidentSeverityEnum,
      description: "How bad it is; the incident's severity unless given.",
    }),
  }),
  command: ({ signalId, ...rest }) => ({ ...rest, signalId: idOf('Signal', signalId) ?? absentId }),
});
