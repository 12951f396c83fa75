import { policyMutation } from '../mutation/policyMutation.ts';

policyMutation('setAccessLogPolicy', {
  description:
    'Sets what the access log keeps beyond administration. In force within a second; a subscription is kept when it begins.',
  fields: (t) => ({
    logIncidentReads: t.boolean({
      required: true,
      description: "Whether people's reads and changes of incidents are kept, too.",
    }),
  }),
  command: (input) => input,
});
