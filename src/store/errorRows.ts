import { levelOfError } from '../domain/detection/errorReport.ts';
import type { RecordedError } from '../domain/incident/decision.ts';
import type { TableRows } from './port.ts';

/** The rows of reported errors, which no event makes. For `Change.rows`. */
export function errorRows(errors: readonly RecordedError[]): TableRows {
  if (errors.length === 0) return {};
  return {
    reported_error: errors.map((error) => ({
      error_id: error.errorId,
      incident_id: error.incidentId,
      signal_id: error.signalId,
      outcome: error.outcome,
      repeats: error.repeats,
      fingerprint: error.fingerprint,
      severity: error.severity,
      level: levelOfError(error),
      source: error.source,
      component: error.component,
      type: error.type,
      message: error.message,
      environment: error.environment,
      correlation_key: error.correlationKey,
      trace_id: error.traceId,
      data: error.data,
      at: error.at,
      reported_at: error.reportedAt,
    })),
  };
}
