import { clipText } from '../clipText.ts';
import { limits } from '../incident/limits.ts';
import { InputCheck } from '../inputCheck.ts';
import type { Refusal } from '../refusal.ts';
import { withoutRefused } from '../textProblem.ts';
import { errorSeverityIn } from './configuredError.ts';
import {
  type ErrorReport,
  errorSeverities,
  errorsPerReportLimit,
  type ReportedError,
} from './errorReport.ts';

/** An error that fits, still without the id or fingerprint that its caller left out. */
export interface CheckedError extends Omit<ReportedError, 'errorId'> {
  readonly errorId: string | null;
  readonly fingerprint: string | null;
}

/** The longest fingerprint: its dedup key and those of its signals fit where keys go. */
export const errorFingerprintLimit = 160;

/** The longest data of an error, in UTF-16 units of JSON. */
export const errorDataLimit = 65_536;

/**
 * The errors of one report, made to fit: no error is turned away for its wording. Refused, all of them, are ids and
 * fingerprints that do not fit, a source or message that says nothing, a severity that is none, and more than {@link errorsPerReportLimit}.
 */
export function checkedErrors(reports: readonly ErrorReport[]): readonly CheckedError[] | Refusal {
  const check = new InputCheck();
  if (reports.length === 0 || reports.length > errorsPerReportLimit) {
    check.note('errors', `1 to ${errorsPerReportLimit} errors are expected; these are ${reports.length}.`);
    return check.refusal?.refusal ?? [];
  }
  const errors = reports.map((report, index) => checked(check, ['errors', String(index)], report));
  return check.refusal?.refusal ?? errors;
}

const severityExpected = `${errorSeverities.join(', ')} is expected, or what the key's severity map names.`;

function checked(check: InputCheck, path: readonly string[], report: ErrorReport): CheckedError {
  const required = (field: 'source' | 'message', max: number) =>
    check.text([...path, field], kept(report[field], max) ?? '', max);
  const { data } = report;
  const severity = errorSeverityIn(report.severity);
  if (severity === null) check.note([...path, 'severity'], severityExpected);
  if (data != null && data.length > errorDataLimit) {
    const message = `At most ${errorDataLimit} characters of JSON are allowed; these are ${data.length}.`;
    check.note([...path, 'data'], message);
  }
  return {
    errorId: check.optionalText([...path, 'errorId'], report.errorId, limits.key),
    fingerprint: check.optionalText([...path, 'fingerprint'], report.fingerprint, errorFingerprintLimit),
    severity: severity ?? 'CRITICAL',
    source: required('source', limits.name),
    component: kept(report.component, limits.name),
    type: kept(report.type, limits.name),
    message: required('message', limits.signalSummary),
    environment: kept(report.environment, limits.name),
    project: kept(report.project, limits.name),
    correlationKey: check.optionalText([...path, 'correlationKey'], report.correlationKey, limits.key),
    traceId: check.optionalText([...path, 'traceId'], report.traceId, limits.key),
    data: data ?? null,
    at: report.at == null ? null : check.instant([...path, 'at'], report.at),
  };
}

function kept(text: string | null | undefined, max: number): string | null {
  if (text == null) return null;
  const clean = withoutRefused(text).trim();
  return clean === '' ? null : clipText(clean, max);
}
