import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { policyMutation } from '../mutation/policyMutation.ts';

const SlaTargetInput = builder.inputType('SlaTargetInput', {
  description: 'How fast incidents of one severity must be acknowledged and resolved.',
  fields: (t) => ({
    severity: t.field({ type: IncidentSeverityEnum, required: true, description: 'Which severity.' }),
    acknowledgeWithinMinutes: t.int({ required: true, description: 'Minutes from detection, 1–525,600.' }),
    resolveWithinMinutes: t.int({ required: true, description: 'Minutes from detection, 1–525,600.' }),
    atRiskPercent: t.int({
      description: 'Percent of the time after which it is at risk, 1–99. Absent stays.',
    }),
  }),
});

policyMutation('setSlaPolicy', {
  description: 'Sets the SLAs of the severities named; others stay. Open incidents are re-planned.',
  fields: (t) => ({
    targets: t.field({
      type: [SlaTargetInput],
      required: true,
      description: 'The new SLAs, each severity at most once.',
    }),
  }),
  command: (input) => input,
});
