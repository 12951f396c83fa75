import { isOfBulkAction } from '../bulkAction/bulkAction.ts';
import { clipText } from '../clipText.ts';
import { limits } from '../incident/limits.ts';
import { InputCheck } from '../inputCheck.ts';
import type { Refusal } from '../refusal.ts';
import { withoutRefused } from '../textProblem.ts';
import { type ReportedRun, type RunReport, runsPerReportLimit } from './runReport.ts';

/** A run that fits, still without the id that its caller left out. */
export interface CheckedRun extends Omit<ReportedRun, 'runId'> {
  readonly runId: string | null;
}

/**
 * The runs of one report, made to fit: an error is clipped, not refused. Refused, all of them, are ids, sources and
 * targets that do not fit, ids as bulk actions give them, and more than {@link runsPerReportLimit}.
 */
export function checkedRuns(reports: readonly RunReport[]): readonly CheckedRun[] | Refusal {
  const check = new InputCheck();
  if (reports.length === 0 || reports.length > runsPerReportLimit) {
    check.note('runs', `1 to ${runsPerReportLimit} runs are expected; these are ${reports.length}.`);
    return check.refusal?.refusal ?? [];
  }
  const runs = reports.map((report, index) => checked(check, ['runs', String(index)], report));
  return check.refusal?.refusal ?? runs;
}

function checked(check: InputCheck, path: readonly string[], report: RunReport): CheckedRun {
  const { status } = report;
  const runId = check.optionalText([...path, 'runId'], report.runId, limits.key);
  if (runId !== null && isOfBulkAction(runId)) {
    check.note([...path, 'runId'], 'Ids of this form are those of the runs that bulk actions leave.');
  }
  const error = withoutRefused(report.error ?? '').trim();
  return {
    runId,
    source: check.text([...path, 'source'], report.source, limits.name),
    target: check.text([...path, 'target'], report.target, limits.key),
    status,
    error: status === 'FAILED' ? clipText(error || 'It failed.', limits.signalSummary) : null,
    at: report.at == null ? null : check.instant([...path, 'at'], report.at),
  };
}
