import type { RecordedRun } from '../domain/incident/decision.ts';
import type { TableRows } from './port.ts';

/** The rows of reported runs and of the targets they count for, which no event makes. For `Change.rows`. */
export function runRows(runs: readonly RecordedRun[]): TableRows {
  if (runs.length === 0) return {};
  const targets = new Map<string, { errors: number; first: RecordedRun; latest: RecordedRun }>();
  for (const run of runs) {
    if (run.incidentId === null) continue;
    const key = `${run.incidentId} ${run.target}`;
    const known = targets.get(key);
    if (known === undefined) {
      targets.set(key, { errors: 1, first: run, latest: run });
      continue;
    }
    known.errors += 1;
    if (run.at < known.first.at) known.first = run;
    if (run.at >= known.latest.at) known.latest = run;
  }
  const rows = runs.map((run) => ({
    source: run.source,
    run_id: run.runId,
    target: run.target,
    status: run.status,
    error: run.error,
    incident_id: run.incidentId,
    at: run.at,
    reported_at: run.reportedAt,
  }));
  const run_target = [...targets.values()].map(({ errors, first, latest }) => ({
    incident_id: first.incidentId,
    target: first.target,
    error_count: errors,
    first_at: first.at,
    latest_at: latest.at,
  }));
  return run_target.length === 0 ? { run: rows } : { run: rows, run_target };
}
