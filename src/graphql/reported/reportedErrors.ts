import { reportedErrorCursor, reportedErrorPage, reportedErrors } from '../../store/read/reportedErrors.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { requireIdOf } from '../globalId.ts';
import { Incident } from '../incident/incident.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { ErrorOccurrenceConnection, ErrorSeverityEnum } from './reportedError.ts';

const ReportedErrorFilter = builder.inputType('ReportedErrorFilter', {
  description: 'Which errors are wanted: those that match every field given; a list means any of.',
  fields: (t) => ({
    incidentId: t.id({ description: 'Of this incident: its `id`.' }),
    severity: t.field({ type: [ErrorSeverityEnum], description: 'Of any of these severities, as reported.' }),
    source: t.stringList({ description: 'From any of these sources.' }),
    fingerprint: t.string({ description: 'Of this kind.' }),
    at: t.field({ type: DateTimeRange, description: 'Happened in this stretch of time.' }),
  }),
});

builder.queryField('reportedErrors', (t) =>
  t.field({
    type: ErrorOccurrenceConnection,
    description: 'Errors reported to your organization, newest first, also those that no incident came of.',
    args: {
      filter: t.arg({ type: ReportedErrorFilter, description: 'Only errors that match all of this.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('reportedErrors', context);
      const page = pageOf(args);
      const { incidentId, severity, source, fingerprint, at } = args.filter ?? {};
      const filter = {
        incidentId: incidentId == null ? null : requireIdOf('Incident', incidentId, 'filter.incidentId'),
        severity: boundedList(severity, 'filter.severity') ?? null,
        source: boundedList(source, 'filter.source') ?? null,
        fingerprint: fingerprint ?? null,
        at: rangeOf(at),
      };
      const read = reportedErrorPage(readScope(context), filter, page);
      return connectionOf(page, read, reportedErrorCursor, (row) => row);
    },
  }),
);

builder.queryField('incidentByErrorId', (t) =>
  t.field({
    type: Incident,
    nullable: true,
    description:
      'The incident that an error declared, joined or reopened, whatever became of it since; null when the error is not known or was only recorded.',
    args: {
      errorId: t.arg.string({ required: true, description: 'The `errorId` of the error.' }),
    },
    resolve: async (_root, { errorId }, context) => {
      authorizeRead('incidentByErrorId', context);
      const [error] = await reportedErrors(readScope(context), [errorId]);
      return error?.incidentId ? context.loaders.incident.load(error.incidentId) : null;
    },
  }),
);
