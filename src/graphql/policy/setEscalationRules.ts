import { policyMutation } from '../mutation/policyMutation.ts';
import { EscalationRuleInput } from './escalationRuleInput.ts';

policyMutation('setEscalationRules', {
  description: 'Replaces the escalation rules. Open incidents are re-planned; what has fired stays fired.',
  fields: (t) => ({
    rules: t.field({
      type: [EscalationRuleInput],
      required: true,
      description: 'Every rule there is to be; at most 9 apply to one severity.',
    }),
  }),
  command: (input) => input,
});
