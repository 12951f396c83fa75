import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';
import { severityOfReportedError } from './severityReading.ts';

/** How severe a reported error calls itself; P0, P1 and P2 are CRITICAL, HIGH and MEDIUM. Worst first. */
export const errorSeverities = ['P0', 'CRITICAL', 'P1', 'HIGH', 'P2', 'MEDIUM', 'LOW'] as const;
export type ErrorSeverity = (typeof errorSeverities)[number];

/** What became of an error: it declared an incident, joined one, reopened one, was kept without one, or was dropped. */
export const errorOutcomes = ['CREATED', 'JOINED', 'REOPENED', 'RECORDED', 'DROPPED'] as const;
export type ErrorOutcome = (typeof errorOutcomes)[number];

/** The most errors one report carries. Source: issue "Detection", I2. */
export const errorsPerReportLimit = 500;

/** How long after its declaration a resolved incident is reopened by its error. Minutes. Source: rules.md, Detection. */
export const reopenWithinMinutes = 5;

/** An error as it is told: what is missing is made, what is too long is clipped. */
export interface ErrorReport {
  /** The source's own name for this occurrence; the same one again is the same error. */
  readonly errorId?: string | null;
  /** What makes two errors the same kind; made from source, component, type and message when it is missing. */
  readonly fingerprint?: string | null;
  /** As its sender writes it, in any case; read as its key is configured. */
  readonly severity?: string | null;
  readonly source?: string | null;
  readonly component?: string | null;
  readonly type?: string | null;
  readonly message: string;
  readonly environment?: string | null;
  readonly project?: string | null;
  readonly correlationKey?: string | null;
  readonly traceId?: string | null;
  /** Whatever came with it, as JSON text. */
  readonly data?: string | null;
  readonly at?: Instant | null;
}

/** An error as it is kept: every text fits the ledger. */
export interface ReportedError {
  readonly errorId: string;
  readonly severity: ErrorSeverity;
  readonly source: string;
  readonly component: string | null;
  readonly type: string | null;
  readonly message: string;
  readonly environment: string | null;
  readonly project: string | null;
  readonly correlationKey: string | null;
  readonly traceId: string | null;
  readonly data: string | null;
  /** When it happened; null: when it was reported. */
  readonly at: Instant | null;
}

/** The severity of the incident that an error declares, or raises the one it joins to. */
export function levelOfError({ severity }: Pick<ReportedError, 'severity'>): IncidentSeverity {
  return severityOfReportedError(severity);
}

/** HIGH and CRITICAL always become or join an incident; the others join what is open, or do what a rule says. */
export function isGrave(error: Pick<ReportedError, 'severity'>): boolean {
  const level = levelOfError(error);
  return level === 'SEV1' || level === 'SEV2';
}

/** The key an incident holds for errors of one fingerprint. */
export function dedupKeyOfErrors(fingerprint: string): string {
  return `error:${fingerprint}`;
}

/** Errors of one fingerprint are one signal for each level: only one that is worse may raise what a person has set. */
export function signalFingerprintOf(fingerprint: string, level: IncidentSeverity): string {
  return `${fingerprint}:${level}`;
}
