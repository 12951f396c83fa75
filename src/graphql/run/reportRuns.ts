import { v7 } from 'uuid';
import { type RunsReported, reportRuns } from '../../app/reportRuns.ts';
import { type RunReport as RunReportTold, runsPerReportLimit } from '../../domain/detection/runReport.ts';
import { limits } from '../../domain/incident/limits.ts';
import { referenceOf } from '../../domain/incident/state.ts';
import type { RunRow } from '../../store/read/runs.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { toGlobalId } from '../globalId.ts';
import { idempotencyKeyDescription, idempotentRequest } from '../mutation/idempotency.ts';
import { reportingErrors, resultType } from '../mutation/result.ts';
import { throttledKey } from '../mutation/throttledKey.ts';
import { upTo } from '../mutation/upTo.ts';
import { RunStatusEnum } from './run.ts';

const RunReportInput = builder.inputType('RunReportInput', {
  description: 'One run of some work.',
  fields: (t) => ({
    runId: t.string({
      description: `Your own id of this run, unique within its source: reported again, it is the same run. Made when absent. \`bulk/…/n\` is what bulk actions call the runs they leave. ${upTo(limits.key)}`,
    }),
    source: t.string({ required: true, description: `What ran, e.g. \`reminders\`. ${upTo(limits.name)}` }),
    target: t.string({
      required: true,
      description: `What it ran for: a subscription, a customer, a file. ${upTo(limits.key)}`,
    }),
    status: t.field({ type: RunStatusEnum, required: true, description: 'How it ended.' }),
    error: t.string({
      description: `What went wrong, of one that failed; what is longer is clipped. ${upTo(limits.signalSummary)}`,
    }),
    at: t.field({ type: 'DateTime', description: 'When it ran. Default now.' }),
  }),
});

const ReportRunsInput = builder.inputType('ReportRunsInput', {
  description: 'What `reportRuns` needs.',
  fields: (t) => ({
    runs: t.field({
      type: [RunReportInput],
      required: true,
      description: `The runs, 1 to ${runsPerReportLimit}, of any sources, in any order, however late.`,
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

// It names the incident and shows nothing of it: a key that may only report may not read.
const RunReport = builder.objectRef<RunRow>('RunReport').implement({
  description: 'What became of one run.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'What ran.' }),
    runId: t.exposeString('runId', { description: 'Its id: yours, or the one it was given.' }),
    incidentId: t.id({
      nullable: true,
      description:
        'The `id` of the incident whose burst it is of; null unless it failed, and when its target was muted then or a maintenance window suppressed it.',
      resolve: ({ incidentId }) => (incidentId === null ? null : toGlobalId('Incident', incidentId)),
    }),
    reference: t.string({
      nullable: true,
      description: 'The reference of that incident, e.g. `INC-001`.',
      resolve: ({ number }) => (number === null ? null : referenceOf(number)),
    }),
  }),
});

const ReportRunsPayload = builder.objectRef<RunsReported>('ReportRunsPayload').implement({
  description: 'What `reportRuns` did.',
  fields: (t) => ({
    runs: t.expose('runs', {
      type: [RunReport],
      description: 'What became of each run, in the order you gave them.',
    }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description:
        'Pass it as `after` of a subscription to events to miss nothing that comes next; for runs, `runsHead` says it. 0 when nothing was written.',
    }),
  }),
});

builder.mutationField('reportRuns', (t) =>
  t.field({
    type: resultType('reportRuns', ReportRunsPayload, reportingErrors),
    nullable: true,
    description:
      'Reports runs of regular work. Failed ones of a source, none more than the silence window of the policy after the one before, are one burst and one incident; its severity follows count and targets. Silence resolves it, and a run that fails after that opens a new one. A late run lands in the burst it belongs to. Reported again under the same `runId`, a run counts once. Needs an API key of scope INGEST.',
    args: {
      input: t.arg({ type: ReportRunsInput, required: true, description: 'What ran.' }),
    },
    resolve: async (_root, { input }, context) => {
      const limited = throttledKey(context);
      if (limited !== null) return limited;
      const { idempotencyKey, ...rest } = input;
      const { principal, handle, clock } = context;
      const request = idempotentRequest(principal, 'reportRuns', idempotencyKey, rest);
      if (request !== null && 'kind' in request) return request;
      const reporting = { principal, handle, scope: readScope(context), newId: () => v7(), request };
      return reportRuns(rest.runs as readonly RunReportTold[], { ...reporting, now: clock.now() });
    },
  }),
);
