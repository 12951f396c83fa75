import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { policyMutation } from '../mutation/policyMutation.ts';

const AutoResolvePolicyInput = builder.inputType('AutoResolvePolicyInput', {
  description: 'What resolves by itself. A field that is absent stays.',
  fields: (t) => ({
    staleAfterHours: t.int({
      description: 'Hours without activity until an incident resolves by itself, 1–8,760. Null: never.',
    }),
    staleSeverities: t.field({
      type: [IncidentSeverityEnum],
      description: 'The severities that resolve by themselves when stale.',
    }),
    silenceMinutes: t.int({ description: 'Minutes of silence that end a burst of runs, 1–1,440.' }),
    resolveOnClear: t.field({
      type: [IncidentSeverityEnum],
      description: "The severities a connector's own resolve may resolve once nothing is firing.",
    }),
  }),
});

policyMutation('setAutoResolvePolicy', {
  description: 'Sets what resolves by itself. Open incidents are re-planned.',
  fields: (t) => ({
    autoResolve: t.field({
      type: AutoResolvePolicyInput,
      required: true,
      description: 'What is to change.',
    }),
  }),
  command: ({ autoResolve }) => autoResolve,
  within: 'autoResolve',
});
