import type { EscalationReason, EscalationTargetKind } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';

/** An escalation of an incident. */
export interface EscalationRow {
  readonly id: string;
  readonly incidentId: string;
  readonly reason: EscalationReason;
  readonly rule: string;
  /** Null for one somebody asked for. */
  readonly afterMinutes: number | null;
  readonly level: number;
  readonly target: EscalationTargetKind;
  readonly note: string | null;
  readonly at: Instant;
  readonly acknowledgedAt: Instant | null;
  /** The incident's version right after it: its cursor. */
  readonly version: number;
}

/** A row of `escalation`. */
export function escalationOf(row: Row): EscalationRow {
  return {
    id: row.id as string,
    incidentId: row.incident_id as string,
    reason: row.reason as EscalationReason,
    rule: row.rule as string,
    afterMinutes: row.after_minutes === null ? null : Number(row.after_minutes),
    level: Number(row.level),
    target: row.target as EscalationTargetKind,
    note: row.note as string | null,
    at: row.at as Instant,
    acknowledgedAt: row.acknowledged_at as Instant | null,
    version: Number(row.version),
  };
}
