import { builder } from '../builder.ts';
import { EscalationReasonEnum, EscalationTargetKindEnum, IncidentSeverityEnum } from '../enums.ts';

/** An escalation rule as `setEscalationRules` sets it and `escalationPreview` tries it. */
export const EscalationRuleInput = builder.inputType('EscalationRuleInput', {
  description: 'When to call whom.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, 1–80 characters, unique in the policy.' }),
    reason: t.field({ type: EscalationReasonEnum, required: true, description: 'What it waits for.' }),
    severities: t.field({
      type: [IncidentSeverityEnum],
      description: 'The severities it applies to; all when absent.',
    }),
    afterMinutes: t.int({ description: 'Minutes it waits, 0–525,600. Default 0.' }),
    target: t.field({ type: EscalationTargetKindEnum, required: true, description: 'Whom it calls.' }),
  }),
});
