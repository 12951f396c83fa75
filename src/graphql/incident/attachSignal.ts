import { limits } from '../../domain/incident/limits.ts';
import { SignalTypeEnum } from '../enums.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { jsonText } from '../mutation/jsonText.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('attachSignal', {
  description:
    'Attaches what a machine observed: a metric, a log line, a trace, an alert. Its correlation key joins those of the incident.',
  fields: (t) => ({
    type: t.field({ type: SignalTypeEnum, required: true, description: 'What kind of observation.' }),
    source: t.string({
      required: true,
      description: `The system it is from, e.g. \`prometheus\`. ${upTo(limits.name)}`,
    }),
    summary: t.string({
      required: true,
      description: `What was observed, in a sentence. ${upTo(limits.signalSummary)}`,
    }),
    severity: t.string({
      description: `How severe its source calls it, in its own word. ${upTo(limits.name)}`,
    }),
    service: t.string({ description: `Name of the service; a new name makes it. ${upTo(limits.name)}` }),
    environment: t.string({ description: `Where: production, staging, … ${upTo(limits.name)}` }),
    project: t.string({ description: `Name of the project; a new name makes it. ${upTo(limits.name)}` }),
    data: t.field({ type: 'JSON', description: 'The observation whole, ≤ 256 KB of JSON; kept as it is.' }),
    correlationKey: t.string({
      description: `What it has in common with other signals of the same cause. ${upTo(limits.key)}`,
    }),
    traceId: t.string({ description: `Trace it belongs to. ${upTo(limits.key)}` }),
    fingerprint: t.string({
      description: `What makes it the same observation: a repeat raises the count of the signal instead of adding one. ${upTo(limits.key)}`,
    }),
    at: t.field({ type: 'DateTime', description: 'When it was observed; default now.' }),
  }),
  command: ({ data, ...rest }) =>
    data === undefined || data === null ? rest : { ...rest, data: jsonText(data) },
});
