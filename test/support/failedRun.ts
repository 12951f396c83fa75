import type { ReportedRun } from '../../src/domain/detection/runReport.ts';

/** A failed run of the reminders, as it is kept; `more` replaces what it says. */
export function failed(runId: string, target: string, more: Partial<ReportedRun> = {}): ReportedRun {
  return { runId, source: 'reminders', target, status: 'FAILED', error: 'SMTP timeout', at: null, ...more };
}
