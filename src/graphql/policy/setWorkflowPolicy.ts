import { builder } from '../builder.ts';
import { IncidentSeverityEnum, WorkflowGateEnum } from '../enums.ts';
import { policyMutation } from '../mutation/policyMutation.ts';

const WorkflowGateRuleInput = builder.inputType('WorkflowGateRuleInput', {
  description: 'Whether a step must be done before the next.',
  fields: (t) => ({
    gate: t.field({ type: WorkflowGateEnum, required: true, description: 'Which step.' }),
    severities: t.field({
      type: [IncidentSeverityEnum],
      description: 'The severities it applies to; all when absent.',
    }),
    required: t.boolean({ required: true, description: 'Whether it must be done.' }),
  }),
});

policyMutation('setWorkflowPolicy', {
  description: 'Sets which steps the workflow requires, and when an incident counts as overdue.',
  fields: (t) => ({
    gates: t.field({
      type: [WorkflowGateRuleInput],
      description:
        'Every rule there is to be; where two name the same gate and severity, the last holds. Absent leaves.',
    }),
    overdueAfterMinutes: t.int({
      description: 'Minutes open and unacknowledged until an incident is overdue, 1–525,600. Absent leaves.',
    }),
    acknowledgeNoteRequired: t.boolean({ description: 'Whether acknowledging needs a note. Absent leaves.' }),
  }),
  command: (input) => input,
});
