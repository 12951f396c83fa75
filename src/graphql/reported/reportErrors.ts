import { v7 } from 'uuid';
import { type ErrorsReported, reportErrors } from '../../app/reportErrors.ts';
import { errorsPerReportLimit } from '../../domain/detection/errorReport.ts';
import { referenceOf } from '../../domain/incident/state.ts';
import type { ReportedErrorRow } from '../../store/read/reportedErrors.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { toGlobalId } from '../globalId.ts';
import { idempotencyKeyDescription, idempotentRequest } from '../mutation/idempotency.ts';
import { reportingErrors, resultType } from '../mutation/result.ts';
import { throttledKey } from '../mutation/throttledKey.ts';
import { ErrorReportInput, toldError } from './errorReportInput.ts';
import { ErrorOutcomeEnum } from './reportedError.ts';

const ReportErrorsInput = builder.inputType('ReportErrorsInput', {
  description: 'What `reportErrors` needs.',
  fields: (t) => ({
    errors: t.field({
      type: [ErrorReportInput],
      required: true,
      description: `The errors, 1 to ${errorsPerReportLimit}, of any kinds.`,
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

// It names the incident and shows nothing of it: a key that may only report may not read.
const ErrorReport = builder.objectRef<ReportedErrorRow>('ErrorReport').implement({
  description: 'What became of one error.',
  fields: (t) => ({
    errorId: t.exposeString('errorId', { description: 'Its id: yours, or the one it was given.' }),
    outcome: t.expose('outcome', {
      type: ErrorOutcomeEnum,
      description: 'What became of it when it was reported first, as severe as this.',
    }),
    incidentId: t.id({
      nullable: true,
      description: 'The `id` of the incident it belongs to; null when it was only recorded.',
      resolve: ({ incidentId }) => (incidentId === null ? null : toGlobalId('Incident', incidentId)),
    }),
    reference: t.string({
      nullable: true,
      description: 'The reference of that incident, e.g. `INC-001`.',
      resolve: ({ number }) => (number === null ? null : referenceOf(number)),
    }),
  }),
});

const ReportErrorsPayload = builder.objectRef<ErrorsReported>('ReportErrorsPayload').implement({
  description: 'What `reportErrors` did.',
  fields: (t) => ({
    errors: t.expose('errors', {
      type: [ErrorReport],
      description: 'What became of each error, in the order you gave them.',
    }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description: 'Pass it as `after` of a subscription to miss nothing that comes next.',
    }),
  }),
});

builder.mutationField('reportErrors', (t) =>
  t.field({
    type: resultType('reportErrors', ReportErrorsPayload, reportingErrors),
    nullable: true,
    description:
      'Reports errors of programs. CRITICAL and HIGH ones join the open incident of their kind, reopen one resolved within 5 minutes of its declaration, or declare one; MEDIUM and LOW ones join what is open and are kept otherwise. Rules of detection (`setDetectionRules`) say how severe, under which title, with which tags and roles, and what else becomes of MEDIUM and LOW ones; nothing keeps HIGH and CRITICAL ones from their incident. Reported again from the same `source` under the same `errorId`, an error counts once, or once more under each higher severity. Needs an API key of scope INGEST, and is read as that key is configured.',
    args: {
      input: t.arg({ type: ReportErrorsInput, required: true, description: 'What went wrong.' }),
    },
    resolve: async (_root, { input }, context) => {
      const limited = throttledKey(context);
      if (limited !== null) return limited;
      const { idempotencyKey, ...rest } = input;
      const { principal, handle } = context;
      const request = idempotentRequest(principal, 'reportErrors', idempotencyKey, rest);
      if (request !== null && 'kind' in request) return request;
      const reports = rest.errors.map(toldError);
      const scope = readScope(context);
      return reportErrors(reports, { principal, handle, scope, newId: () => v7(), request });
    },
  }),
);
