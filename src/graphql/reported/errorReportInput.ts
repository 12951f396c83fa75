import { errorDataLimit, errorFingerprintLimit } from '../../domain/detection/checkedErrors.ts';
import type { ErrorReport } from '../../domain/detection/errorReport.ts';
import { limits } from '../../domain/incident/limits.ts';
import { builder } from '../builder.ts';
import { upTo } from '../mutation/upTo.ts';
import { ErrorSeverityEnum } from './reportedError.ts';

/** One error as it is reported, or tried out. */
export const ErrorReportInput = builder.inputType('ErrorReportInput', {
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

/** An error as the use cases take it: its data as JSON text. */
export function toldError({ data, ...error }: typeof ErrorReportInput.$inferInput): ErrorReport {
  return { ...error, data: data == null ? null : JSON.stringify(data) } as ErrorReport;
}
