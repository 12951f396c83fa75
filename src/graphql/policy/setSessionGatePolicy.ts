import { IncidentSeverityEnum } from '../enums.ts';
import { policyMutation } from '../mutation/policyMutation.ts';

policyMutation('setSessionGatePolicy', {
  description:
    'Sets the session gate: whether other systems are told to keep people out while a severe incident stays unacknowledged. Open incidents are judged anew, so it blocks or releases at once. Warroom itself never keeps anybody out.',
  fields: (t) => ({
    enabled: t.boolean({ description: 'Whether incidents block at all. Absent leaves.' }),
    afterMinutes: t.int({
      description:
        'Minutes open and unacknowledged, counted from the report or from taking the acknowledgement back, until an incident blocks; 1–525,600. Absent leaves.',
    }),
    severities: t.field({
      type: [IncidentSeverityEnum],
      description: 'The severities that block, at least one. Absent leaves.',
    }),
  }),
  command: (input) => input,
});
