import { errorOutcomes, errorSeverities } from '../../domain/detection/errorReport.ts';
import type { ReportedErrorRow } from '../../store/read/reportedErrors.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { Incident } from '../incident/incident.ts';

/** How severe an error calls itself. */
export const ErrorSeverityEnum = describedEnum(
  'ErrorSeverity',
  'How severe a reported error calls itself. CRITICAL and HIGH always become or join an incident; MEDIUM and LOW join one that is open, do what a rule of detection says, and are kept otherwise.',
  errorSeverities,
  {
    P0: 'The same as CRITICAL.',
    CRITICAL: 'Declares SEV1.',
    P1: 'The same as HIGH.',
    HIGH: 'Declares SEV2.',
    P2: 'The same as MEDIUM.',
    MEDIUM: 'Reads as SEV3; declares nothing, unless a rule says so.',
    LOW: 'Reads as SEV4; declares nothing, unless a rule says so.',
  },
);

/** What became of an error. */
export const ErrorOutcomeEnum = describedEnum(
  'ErrorOutcome',
  'What became of a reported error.',
  errorOutcomes,
  {
    CREATED: 'It declared its incident.',
    JOINED: 'It joined an incident that was open.',
    REOPENED:
      'It reopened its incident, which had been resolved within 5 minutes of its declaration, and is its error for ever.',
    RECORDED: 'It is MEDIUM or LOW and found no open incident to join: it is kept without one.',
    DROPPED:
      'It is MEDIUM or LOW, and a rule of detection drops it: it is kept without an incident, and `lostSignals` counts it.',
  },
);

// No name ends in Error but those of what a mutation is refused with.
const ErrorOccurrence = builder.objectRef<ReportedErrorRow>('ErrorOccurrence').implement({
  description: 'An error that was reported; it stays with its incident for ever.',
  fields: (t) => ({
    errorId: t.exposeString('errorId', {
      description: 'Its id among those of its source: the one it was reported with, or the one it was given.',
    }),
    incident: t.field({
      type: Incident,
      nullable: true,
      description: 'The incident it declared or joined; null when it was only recorded.',
      resolve: ({ incidentId }, _args, { loaders }) =>
        incidentId === null ? null : loaders.incident.load(incidentId),
    }),
    outcome: t.expose('outcome', { type: ErrorOutcomeEnum, description: 'What became of it.' }),
    severity: t.expose('severity', { type: ErrorSeverityEnum, description: 'How severe it called itself.' }),
    source: t.exposeString('source', { description: 'The program or system it is from.' }),
    component: t.exposeString('component', { nullable: true, description: 'The part of it, or service.' }),
    type: t.exposeString('type', {
      nullable: true,
      description: 'Its kind, e.g. the class of an exception.',
    }),
    message: t.exposeString('message', { description: 'What went wrong, in its own words.' }),
    environment: t.exposeString('environment', {
      nullable: true,
      description: 'Where: production, staging, …',
    }),
    fingerprint: t.exposeString('fingerprint', {
      description: 'What it has in common with errors of its kind: given with it, or made from what it says.',
    }),
    correlationKey: t.exposeString('correlationKey', {
      nullable: true,
      description: 'What it has in common with signals and incidents.',
    }),
    traceId: t.exposeString('traceId', { nullable: true, description: 'The trace it belongs to.' }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What came with it, e.g. its stack; at most 64 KB.',
      resolve: ({ data }) => (data === null ? null : JSON.parse(data)),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    reportedAt: t.expose('reportedAt', { type: 'DateTime', description: 'When it was reported.' }),
  }),
});

/** A page of reported errors. */
export const ErrorOccurrenceConnection = builder.connectionObject({
  type: ErrorOccurrence,
  name: 'ErrorOccurrenceConnection',
  description: 'A page of reported errors.',
});
