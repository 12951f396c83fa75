import {
  errorsOfId,
  reportedErrorCursor,
  reportedErrorPage,
  sourcesOfErrorIdLimit,
} from '../../store/read/reportedErrors.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
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
      'The incident that an error declared, joined or reopened, whatever became of it since; null when the error is not known or was only recorded. Of one that was reported again under a higher severity, the incident of the highest. When several sources have used this `errorId` and none is given: an error with code BAD_USER_INPUT that names them.',
    args: {
      errorId: t.arg.string({ required: true, description: 'The `errorId` of the error.' }),
      source: t.arg.string({
        description:
          'The `source` it was reported from. Needed only when several sources have used this `errorId`.',
      }),
    },
    resolve: async (_root, { errorId, source }, context) => {
      authorizeRead('incidentByErrorId', context);
      const errors = await errorsOfId(readScope(context), errorId, source ?? null);
      const sources = [...new Set(errors.map((error) => error.source))];
      if (sources.length > 1) throw ambiguous(sources);
      const linked = errors.find(({ incidentId }) => incidentId !== null);
      return linked?.incidentId ? context.loaders.incident.load(linked.incidentId) : null;
    },
  }),
);

function ambiguous(sources: readonly string[]): Error {
  const named = sources.slice(0, sourcesOfErrorIdLimit).map((source) => JSON.stringify(source));
  const more = sources.length > sourcesOfErrorIdLimit ? ' and others' : '';
  return badUserInput(
    `Several sources have used this errorId: ${named.join(', ')}${more}. Say which as \`source\`.`,
  );
}
