import { v7 } from 'uuid';
import { type ErrorsReported, reportErrors } from '../../app/reportErrors.ts';
import { errorDataLimit, errorFingerprintLimit } from '../../domain/detection/checkedErrors.ts';
import {
  type ErrorReport as ErrorReportTold,
  errorsPerReportLimit,
} from '../../domain/detection/errorReport.ts';
import { limits } from '../../domain/incident/limits.ts';
import { referenceOf } from '../../domain/incident/state.ts';
import type { ReportedErrorRow } from '../../store/read/reportedErrors.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { toGlobalId } from '../globalId.ts';
import { idempotencyKeyDescription, idempotentRequest } from '../mutation/idempotency.ts';
import { reportingErrors, resultType } from '../mutation/result.ts';
import { throttledKey } from '../mutation/throttledKey.ts';
import { upTo } from '../mutation/upTo.ts';
import { ErrorOutcomeEnum, ErrorSeverityEnum } from './reportedError.ts';

const ErrorReportInput = builder.inputType('ErrorReportInput', {
  description: 'One error. What is too long is clipped, so that no error is turned away for its wording.',
  fields: (t) => ({
    errorId: t.string({
      description: `Your own id of this occurrence, among those of its source: reported again, it is the same error. Made when absent. ${upTo(limits.key)}`,
    }),
    fingerprint: t.string({
      description: `What it has in common with errors of its kind, across sources. Made from source, component, type and the message without its numbers, ids and quoted values when absent. ${upTo(errorFingerprintLimit)}`,
    }),
    severity: t.field({
      type: ErrorSeverityEnum,
      required: true,
      description:
        "How severe it is, unless the key's severity map says otherwise. HIGH and CRITICAL stay HIGH at least.",
    }),
    source: t.string({
      required: true,
      description: `The program or system it is from. ${upTo(limits.name)}`,
    }),
    component: t.string({
      description: `The part of it: the service of its incident. The key's unless given. ${upTo(limits.name)}`,
    }),
    type: t.string({ description: `Its kind, e.g. the class of an exception. ${upTo(limits.name)}` }),
    message: t.string({ required: true, description: `What went wrong. ${upTo(limits.signalSummary)}` }),
    environment: t.string({
      description: `Where: production, staging, … The key's unless given. ${upTo(limits.name)}`,
    }),
    project: t.string({
      description: `Name of the project; a new name makes it. The key's unless given. ${upTo(limits.name)}`,
    }),
    correlationKey: t.string({
      description: `What it has in common with signals and incidents. ${upTo(limits.key)}`,
    }),
    traceId: t.string({ description: `The trace it belongs to. ${upTo(limits.key)}` }),
    data: t.field({
      type: 'JSON',
      description: `What else there is, e.g. its stack. At most ${errorDataLimit} characters of JSON.`,
    }),
    at: t.field({ type: 'DateTime', description: 'When it happened. Default now.' }),
  }),
});

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
      const reports = rest.errors.map(
        ({ data, ...error }) =>
          ({ ...error, data: data == null ? null : JSON.stringify(data) }) as ErrorReportTold,
      );
      const scope = readScope(context);
      return reportErrors(reports, { principal, handle, scope, newId: () => v7(), request });
    },
  }),
);
