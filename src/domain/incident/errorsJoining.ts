import { clipText } from '../clipText.ts';
import {
  dedupKeyOfErrors,
  levelOfError,
  type ReportedError,
  signalFingerprintOf,
} from '../detection/errorReport.ts';
import { ingested } from '../detection/ingested.ts';
import type { JudgedError } from '../detection/judgeErrors.ts';
import { isMoreSevere, mostSevere } from '../detection/mostSevere.ts';
import type { Instant } from '../instant.ts';
import type { DecideContext, RecordedError } from './decision.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import { type Naming, namingFor } from './naming.ts';
import { type IncidentState, listLimit } from './state.ts';
import type { IncidentSeverity } from './vocabulary.ts';

/**
 * Errors of one fingerprint joining one incident, or none (`state` null: one that they declare): the facts so far, what
 * is kept of each, and what of the state they change.
 */
export class ErrorsJoining {
  readonly facts: IncidentFact[] = [];
  readonly recorded: RecordedError[] = [];
  readonly #fingerprint: string;
  readonly #state: IncidentState | null;
  readonly #context: DecideContext;
  readonly #naming: Naming;
  readonly #signals = new Map<IncidentSeverity, string>();
  /** By level: the error that made its signal. */
  readonly #fresh = new Map<IncidentSeverity, JudgedError>();
  readonly #keys: Set<string>;

  constructor(
    fingerprint: string,
    state: IncidentState | null,
    context: DecideContext,
    naming: Naming = namingFor(context),
  ) {
    this.#fingerprint = fingerprint;
    this.#state = state;
    this.#context = context;
    this.#naming = naming;
    this.#keys = new Set(state?.correlationKeys ?? []);
  }

  /** Says that it goes on, if it is resolved. */
  reopen({ error }: JudgedError): void {
    if (this.#state?.status !== 'RESOLVED') return;
    const reason = `${error.source} reported the error again: ${error.message}`;
    this.facts.push({ type: 'INCIDENT_REOPENED', payload: { reason: clipText(reason, limits.reason) } });
  }

  /** Becomes part of it, under the key of its kind. */
  join({ error, level, ...judged }: JudgedError, isCause: boolean): void {
    const known = this.#signal(level);
    const signalId = known ?? this.#ingest(error, level, dedupKeyOfErrors(this.#fingerprint));
    if (known === undefined) this.#fresh.set(level, { error, level, ...judged });
    this.#keep(error, {
      signalId,
      outcome: isCause ? this.#outcome() : 'JOINED',
      repeats: known !== undefined,
    });
  }

  /** Joins one of another kind as evidence: it raises nothing, and the key of its kind stays free. */
  attach({ error, level }: JudgedError): void {
    const known = this.#signal(level);
    const signalId = known ?? this.#ingest(error, level);
    this.#keep(error, { signalId, outcome: 'JOINED', repeats: known !== undefined });
  }

  /** What is kept of an error that is part of no incident. */
  beside({ error, fate }: JudgedError): RecordedError {
    const outcome = fate === 'DROP' ? 'DROPPED' : 'RECORDED';
    return { ...this.#kept(error), incidentId: null, signalId: null, outcome, repeats: false };
  }

  /** An error that joins may raise the severity; one that is merely repeated may not undo what a person decided. */
  raise(): void {
    const to = mostSevere(this.#fresh.keys());
    const cause = to === null ? undefined : this.#fresh.get(to);
    if (to === null || cause === undefined || this.#state === null) return;
    if (!isMoreSevere(to, this.#state.severity)) return;
    const { error, ruled } = cause;
    const said = to === levelOfError(error) ? '' : ` (${to} by the rule ${ruled.rule?.name})`;
    const reason = `${error.source} reported an error of severity ${error.severity}${said}: ${error.message}`;
    this.facts.push({
      type: 'INCIDENT_SEVERITY_CHANGED',
      payload: { from: this.#state.severity, to, reason: clipText(reason, limits.reason) },
    });
  }

  #keep(error: ReportedError, became: Pick<RecordedError, 'signalId' | 'outcome' | 'repeats'>): void {
    this.recorded.push({ ...this.#kept(error), incidentId: this.#context.incidentId, ...became });
  }

  #kept(error: ReportedError) {
    const { at } = this.#context;
    return { ...error, at: happenedAt(error, at), fingerprint: this.#fingerprint, reportedAt: at };
  }

  #outcome(): RecordedError['outcome'] {
    if (this.#state === null) return 'CREATED';
    return this.#state.status === 'RESOLVED' ? 'REOPENED' : 'JOINED';
  }

  /** The signal of this level that is there already. */
  #signal(level: IncidentSeverity): string | undefined {
    const own = this.#signals.get(level);
    if (own !== undefined || this.#state === null) return own;
    return this.#context.facts.openSignal(signalFingerprintOf(this.#fingerprint, level));
  }

  #ingest(error: ReportedError, level: IncidentSeverity, dedupKey?: string): string {
    const { at, newId } = this.#context;
    const signalId = newId();
    const signal = {
      type: 'ERROR' as const,
      source: error.source,
      summary: error.message,
      severity: error.severity,
      service: error.component,
      environment: error.environment,
      project: error.project,
      correlationKey: error.correlationKey,
      traceId: error.traceId,
      fingerprint: signalFingerprintOf(this.#fingerprint, level),
      at: error.at,
    };
    // Nobody will say that it is over: only a connector's signal fires.
    const key = dedupKey === undefined ? {} : { dedupKey };
    const payload = ingested(signal, { signalId, naming: this.#naming, at, firing: false, ...key });
    const keyJoined = this.#joinKey(payload.correlationKey);
    this.facts.push({
      type: 'INCIDENT_SIGNAL_INGESTED',
      payload: { ...payload, keyJoined, ...this.#naming.made() },
    });
    this.#signals.set(level, signalId);
    return signalId;
  }

  #joinKey(key: string | null): boolean {
    if (key === null) return false;
    if (!this.#keys.has(key) && this.#keys.size >= listLimit) return false;
    this.#keys.add(key);
    return true;
  }
}

/** When an error happened: no later than now, whatever its own clock says. */
export function happenedAt(error: ReportedError, now: Instant): Instant {
  return error.at === null || error.at > now ? now : error.at;
}
