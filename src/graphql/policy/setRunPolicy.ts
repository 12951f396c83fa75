import { limits } from '../../domain/incident/limits.ts';
import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { policyMutation } from '../mutation/policyMutation.ts';
import { upTo } from '../mutation/upTo.ts';

const BurstThresholdInput = builder.inputType('BurstThresholdInput', {
  description: 'From when on a burst of failed runs is so severe: both counts must be reached.',
  fields: (t) => ({
    severity: t.field({ type: IncidentSeverityEnum, required: true, description: 'How severe it then is.' }),
    errors: t.int({ required: true, description: 'Failed runs, at least 1.' }),
    targets: t.int({ required: true, description: 'Different targets they failed for, at least 1.' }),
  }),
});

const SourceThresholdsInput = builder.inputType('SourceThresholdsInput', {
  description: 'Thresholds of one source, instead of those of all.',
  fields: (t) => ({
    source: t.string({ required: true, description: `The source, as runs name it. ${upTo(limits.name)}` }),
    thresholds: t.field({
      type: [BurstThresholdInput],
      required: true,
      description: 'Its thresholds, at most 50; the most severe that is reached counts.',
    }),
  }),
});

policyMutation('setRunPolicy', {
  description:
    'Sets how severe bursts of failed runs are, by count and blast radius. Below every threshold a burst is SEV4. Bursts that are open keep what they have until they grow. How long the silence is that ends them, `setAutoResolvePolicy` says.',
  fields: (t) => ({
    thresholds: t.field({
      type: [BurstThresholdInput],
      description: 'Of every source without its own, at most 50. Absent leaves.',
    }),
    sources: t.field({
      type: [SourceThresholdsInput],
      description:
        'Sources with thresholds of their own, at most 50; they replace those there are. Absent leaves.',
    }),
  }),
  command: (input) => input,
});
