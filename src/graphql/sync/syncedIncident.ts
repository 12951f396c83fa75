import type {
  SyncedIncident as SyncedIncidentSource,
  syncedFields,
} from '../../domain/detection/syncedIncident.ts';
import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { IncidentState } from '../incident/incidentState.ts';

/** What a source has of an incident that it syncs. */
export const SyncedIncident = builder
  .objectRef<Omit<SyncedIncidentSource, 'targetsDigest'>>('SyncedIncident')
  .implement({
    description: 'An incident as the system has it that syncs it, whatever people have written here.',
    fields: (t) => ({
      source: t.exposeString('source', { description: 'The system it comes from.' }),
      key: t.exposeString('key', { description: 'What it is called there.' }),
      asOf: t.expose('asOf', { type: 'DateTime', description: 'When it was so.' }),
      severity: t.expose('severity', {
        type: IncidentSeverityEnum,
        description: 'The worst it was ever said to be.',
      }),
      title: t.exposeString('title', { description: 'What it is about.' }),
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
      endedAt: t.expose('endedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it last went wrong, so far; null when nobody said.',
      }),
      resolvedAt: t.expose('resolvedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was over; null while it goes on.',
      }),
      errorCount: t.exposeInt('errorCount', {
        nullable: true,
        description: 'How many errors it is made of; null when nobody said.',
      }),
      uniqueTargets: t.exposeInt('uniqueTargets', { description: 'How many different targets it hit.' }),
      latestRunId: t.exposeString('latestRunId', {
        nullable: true,
        description: 'The run that failed last; null when nobody said.',
      }),
      latestError: t.exposeString('latestError', {
        nullable: true,
        description: 'What went wrong last; null when nobody said.',
      }),
    }),
  });

const constantCase = {
  title: 'TITLE',
  severity: 'SEVERITY',
  startedAt: 'STARTED_AT',
  endedAt: 'ENDED_AT',
} as const satisfies Readonly<Record<(typeof syncedFields)[number], string>>;

const SyncedFieldEnum = builder.enumType('SyncedField', {
  description: 'What of an incident follows the system that syncs it, until a person writes it.',
  values: {
    TITLE: { description: 'Its title.' },
    SEVERITY: { description: 'Its severity, which only rises.' },
    STARTED_AT: { description: 'When its impact began.' },
    ENDED_AT: { description: 'When its impact ended.' },
  } as const satisfies Readonly<Record<(typeof constantCase)[keyof typeof constantCase], object>>,
});

builder.interfaceFields(IncidentState, (t) => ({
  synced: t.field({
    type: SyncedIncident,
    nullable: true,
    description: 'What the system has of it that syncs it; null when none does.',
    resolve: ({ state }) => state.sync,
  }),
  writtenByPeople: t.field({
    type: [SyncedFieldEnum],
    description: 'What people have written of it since it is synced: no sync changes it any more.',
    resolve: ({ state }) => (state.sync?.personal ?? []).map((field) => constantCase[field]),
  }),
}));
