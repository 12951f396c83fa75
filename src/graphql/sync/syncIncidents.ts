import {
  type IncidentSync as IncidentSyncSource,
  type IncidentsSynced,
  type SyncOutcome,
  syncIncidents,
  syncOutcomes,
} from '../../app/syncIncidents.ts';
import type { IncidentReport } from '../../domain/detection/syncedIncident.ts';
import {
  incidentsPerSyncLimit,
  targetsPerSyncedIncidentLimit,
} from '../../domain/detection/syncedIncident.ts';
import { limits } from '../../domain/incident/limits.ts';
import { referenceOf } from '../../domain/incident/state.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { toGlobalId } from '../globalId.ts';
import { idempotencyKeyDescription, idempotentRequest } from '../mutation/idempotency.ts';
import { reportingErrors, resultType } from '../mutation/result.ts';
import { throttledKey } from '../mutation/throttledKey.ts';
import { upTo } from '../mutation/upTo.ts';

const SyncedIncidentInput = builder.inputType('SyncedIncidentInput', {
  description: 'One incident as your system has it, whole: what is left out, it does not have.',
  fields: (t) => ({
    key: t.string({
      required: true,
      description: `What it is called there, for good: the same key is the same incident. ${upTo(limits.key)}`,
    }),
    severity: t.string({
      required: true,
      description:
        '`SEV1` to `SEV4`; `SEV-1` and `sev 1` are the same, and so is what the `severityMap` of your key says. It rises, and never falls.',
    }),
    title: t.string({
      description: `What it is about; what is longer than ${limits.title} characters is clipped. Made of source and latest error when absent.`,
    }),
    service: t.string({
      description: `Whose it is, when it is declared. Default: your key's. ${upTo(limits.name)}`,
    }),
    environment: t.string({
      description: `Where it is, when it is declared. Default: your key's. ${upTo(limits.name)}`,
    }),
    project: t.string({
      description: `What it belongs to, when it is declared. Default: your key's. ${upTo(limits.name)}`,
    }),
    startedAt: t.field({ type: 'DateTime', required: true, description: 'When it began.' }),
    endedAt: t.field({ type: 'DateTime', description: 'When it last went wrong, so far.' }),
    resolvedAt: t.field({
      type: 'DateTime',
      description:
        'When it was over: it is resolved here, past the gates and whatever the policy, once no alert of it fires (of what was merged into it, say). Absent while it goes on; nothing is reopened by that.',
    }),
    asOf: t.field({
      type: 'DateTime',
      description:
        'When it was so. Of two syncs of an incident the later one holds, whichever comes first, and of two at once the one that counts more. Default: `resolvedAt`, `endedAt` or `startedAt`, whichever is latest.',
    }),
    errorCount: t.int({ description: 'How many errors it is made of: it has a `burst` then.' }),
    uniqueTargets: t.int({
      description: 'How many different targets it hit. Default: as many as `targets` lists.',
    }),
    targets: t.stringList({
      description: `What it hit: subscriptions, customers, files. At most ${targetsPerSyncedIncidentLimit.toLocaleString('en-US')}, each ${upTo(limits.key).toLowerCase()}`,
    }),
    latestRunId: t.string({ description: `The run that failed last. ${upTo(limits.key)}` }),
    latestError: t.string({
      description: `What went wrong last; what is longer is clipped. ${upTo(limits.signalSummary)}`,
    }),
  }),
});

const SyncIncidentsInput = builder.inputType('SyncIncidentsInput', {
  description: 'What `syncIncidents` needs.',
  fields: (t) => ({
    source: t.string({
      required: true,
      description: `The system that has them, e.g. \`reminders\`. ${upTo(limits.name)}`,
    }),
    incidents: t.field({
      type: [SyncedIncidentInput],
      required: true,
      description: `The incidents, 1 to ${incidentsPerSyncLimit}, each once, in any order.`,
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const SyncOutcomeEnum = describedEnum('SyncOutcome', 'What a sync did to an incident.', syncOutcomes, {
  CREATED: 'It was declared.',
  UPDATED: 'Something of it was new, and was written.',
  UNCHANGED:
    'Nothing of it was new; or it is closed, cancelled or merged here, and does not follow its source any more.',
  SUPPRESSED:
    'A maintenance window kept it from being declared, and nothing of it was kept; `lostSignals` counts it. The next sync after the window declares it.',
});

// It names the incident and shows nothing of it: a key that may only sync may not read.
const IncidentSync = builder.objectRef<IncidentSyncSource>('IncidentSync').implement({
  description: 'What became of one incident of a sync.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'What your system calls it.' }),
    outcome: t.expose('outcome', { type: SyncOutcomeEnum, description: 'What the sync did to it.' }),
    incidentId: t.id({
      nullable: true,
      description: 'The `id` of the incident it is here; null when it was suppressed.',
      resolve: ({ incidentId }) => (incidentId === null ? null : toGlobalId('Incident', incidentId)),
    }),
    reference: t.string({
      nullable: true,
      description: 'The reference of that incident, e.g. `INC-001`.',
      resolve: ({ number }) => (number === null ? null : referenceOf(number)),
    }),
  }),
});

function count({ incidents }: IncidentsSynced, outcome: SyncOutcome): number {
  return incidents.filter((one) => one.outcome === outcome).length;
}

const SyncIncidentsPayload = builder.objectRef<IncidentsSynced>('SyncIncidentsPayload').implement({
  description: 'What `syncIncidents` did.',
  fields: (t) => ({
    created: t.int({ description: 'How many were declared.', resolve: (synced) => count(synced, 'CREATED') }),
    updated: t.int({
      description: 'How many had something new.',
      resolve: (synced) => count(synced, 'UPDATED'),
    }),
    unchanged: t.int({
      description: 'How many were left as they are.',
      resolve: (synced) => count(synced, 'UNCHANGED'),
    }),
    suppressed: t.int({
      description: 'How many a maintenance window kept from being declared: sync them again after it.',
      resolve: (synced) => count(synced, 'SUPPRESSED'),
    }),
    incidents: t.expose('incidents', {
      type: [IncidentSync],
      description: 'What became of each, in the order you gave them.',
    }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description:
        'Pass it as `after` of a subscription to miss nothing that comes next. 0 when nothing was written.',
    }),
  }),
});

builder.mutationField('syncIncidents', (t) =>
  t.field({
    type: resultType('syncIncidents', SyncIncidentsPayload, reportingErrors),
    nullable: true,
    description:
      'Declares and updates incidents that another system has, each known by its key for good, however often it is synced and whatever became of it. What people write here stays as they wrote it. One that does not fit refuses them all, and the error names it. Needs an API key of scope INGEST, and is read as that key is configured; read them back with `incidentsByKeys`.',
    args: {
      input: t.arg({ type: SyncIncidentsInput, required: true, description: 'Which incidents there are.' }),
    },
    resolve: async (_root, { input }, context) => {
      const limited = throttledKey(context);
      if (limited !== null) return limited;
      const { idempotencyKey, ...rest } = input;
      const { principal, handle, clock } = context;
      const request = idempotentRequest(principal, 'syncIncidents', idempotencyKey, rest);
      if (request !== null && 'kind' in request) return request;
      const report = { source: rest.source, incidents: rest.incidents as readonly IncidentReport[] };
      return syncIncidents(report, {
        principal,
        handle,
        scope: readScope(context),
        request,
        now: clock.now(),
      });
    },
  }),
);
