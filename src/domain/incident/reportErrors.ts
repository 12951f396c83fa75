import { clipText } from '../clipText.ts';
import {
  dedupKeyOfErrors,
  isGrave,
  levelOfError,
  type ReportedError,
  reopenWithinMinutes,
  signalFingerprintOf,
} from '../detection/errorReport.ts';
import { ingested } from '../detection/ingested.ts';
import { KnownErrors } from '../detection/knownErrors.ts';
import { isMoreSevere, mostSevere } from '../detection/mostSevere.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import { refuseTransition } from '../refuse.ts';
import type { DeclareInput } from './commands.ts';
import type { DecideContext, RecordedError } from './decision.ts';
import { declare } from './declare.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import { type Naming, namingFor } from './naming.ts';
import { type IncidentState, listLimit } from './state.ts';
import { alreadySo, type OpeningVerb } from './verb.ts';
import { type IncidentSeverity, isOpen } from './vocabulary.ts';

/**
 * Errors of one fingerprint. They join the open incident, whatever its age; HIGH and CRITICAL reopen one that was resolved
 * within 5 minutes of its declaration, and declare one when there is none. LOW and MEDIUM never do: without an open
 * incident they are kept beside it. An error that is known already changes nothing, unless it is told under a higher level
 * than before: then it is judged anew.
 */
export const reportErrors: OpeningVerb<'reportErrors'> = (input, state, context) => {
  const errors = unknownOnes(input.errors, context);
  const cause = worstOf(errors);
  if (cause === undefined) return alreadySo;
  if (state === null && !isGrave(cause)) {
    return {
      ok: true,
      facts: [],
      errors: errors.map((error) => recorded(error, input.fingerprint, context)),
    };
  }
  const naming = namingFor(context);
  if (state !== null) {
    if (!isOpen(state.status) && !(isGrave(cause) && isReopenedByErrors(state, context.at))) {
      return refuseTransition(state, 'joining an error');
    }
    return outcome(new Joining(input.fingerprint, state, context, naming), errors, cause);
  }
  const dedupKeys = [dedupKeyOfErrors(input.fingerprint)];
  const declared = declare(declaration(cause, context.at), null, context, dedupKeys, naming);
  if (!declared.ok) return declared;
  const joining = new Joining(input.fingerprint, null, context, naming);
  joining.facts.push(...declared.facts);
  return outcome(joining, errors, cause);
};

/**
 * Whether an error of this incident's fingerprint reopens it: resolved, by anyone, and declared at most 5 minutes ago.
 * Source: rules.md, Detection.
 */
export function isReopenedByErrors(
  state: Pick<IncidentState, 'status' | 'reportedAt'>,
  at: Instant,
): boolean {
  return state.status === 'RESOLVED' && at <= plusMinutes(state.reportedAt, reopenWithinMinutes);
}

function unknownOnes(errors: readonly ReportedError[], { facts }: DecideContext): readonly ReportedError[] {
  const seen = new KnownErrors();
  return errors.filter((error) => {
    if (seen.has(error) || facts.knowsError(error)) return false;
    seen.add(error);
    return true;
  });
}

/** The first of the most severe ones: the one that an incident is declared for. */
function worstOf(errors: readonly ReportedError[]): ReportedError | undefined {
  const worst = mostSevere(errors.map(levelOfError));
  return errors.find((error) => levelOfError(error) === worst);
}

function outcome(joining: Joining, errors: readonly ReportedError[], cause: ReportedError) {
  joining.reopen(cause);
  for (const error of errors) joining.join(error, error === cause);
  joining.raise();
  const { facts, recorded } = joining;
  return { ok: true as const, facts, errors: recorded };
}

function declaration(error: ReportedError, now: Instant): DeclareInput {
  const at = happenedAt(error, now);
  const [line = error.message] = error.message.split('\n', 1);
  const isNamed = error.type === null || line.toLowerCase().startsWith(error.type.toLowerCase());
  return {
    title: clipText(isNamed ? line : `${error.type}: ${line}`, limits.title),
    description: error.message,
    severity: levelOfError(error),
    source: error.source,
    service: error.component,
    environment: error.environment,
    project: error.project,
    correlationKeys: error.correlationKey === null ? [] : [error.correlationKey],
    externalRefs: [{ system: 'error', id: error.errorId, url: null }],
    detectedAt: at,
  };
}

/** No later than now, whatever its own clock says. */
function happenedAt(error: ReportedError, now: Instant): Instant {
  return error.at === null || error.at > now ? now : error.at;
}

function recorded(error: ReportedError, fingerprint: string, { at }: DecideContext): RecordedError {
  const kept = { ...error, at: happenedAt(error, at), fingerprint, reportedAt: at };
  return { ...kept, incidentId: null, signalId: null, outcome: 'RECORDED', repeats: false };
}

/** Errors joining one incident: the facts so far, and what of the state they change. */
class Joining {
  readonly facts: IncidentFact[] = [];
  readonly recorded: RecordedError[] = [];
  readonly #fingerprint: string;
  readonly #state: IncidentState | null;
  readonly #context: DecideContext;
  readonly #naming: Naming;
  readonly #signals = new Map<IncidentSeverity, string>();
  /** By level: the error that made its signal. */
  readonly #fresh = new Map<IncidentSeverity, ReportedError>();
  readonly #keys: Set<string>;

  constructor(fingerprint: string, state: IncidentState | null, context: DecideContext, naming: Naming) {
    this.#fingerprint = fingerprint;
    this.#state = state;
    this.#context = context;
    this.#naming = naming;
    this.#keys = new Set(state?.correlationKeys ?? []);
  }

  reopen(cause: ReportedError): void {
    if (this.#state?.status !== 'RESOLVED') return;
    const reason = `${cause.source} reported the error again: ${cause.message}`;
    this.facts.push({ type: 'INCIDENT_REOPENED', payload: { reason: clipText(reason, limits.reason) } });
  }

  join(error: ReportedError, isCause: boolean): void {
    const level = levelOfError(error);
    const known = this.#signals.get(level) ?? this.#openSignal(level);
    const signalId = known ?? this.#ingest(error, level);
    this.#signals.set(level, signalId);
    this.recorded.push({
      ...recorded(error, this.#fingerprint, this.#context),
      incidentId: this.#context.incidentId,
      signalId,
      outcome: isCause ? this.#outcome() : 'JOINED',
      repeats: known !== undefined,
    });
  }

  /** An error that joins may raise the severity; one that is merely repeated may not undo what a person decided. */
  raise(): void {
    const to = mostSevere(this.#fresh.keys());
    const cause = to === null ? undefined : this.#fresh.get(to);
    if (to === null || cause === undefined || this.#state === null) return;
    if (!isMoreSevere(to, this.#state.severity)) return;
    const reason = `${cause.source} reported an error of severity ${cause.severity}: ${cause.message}`;
    this.facts.push({
      type: 'INCIDENT_SEVERITY_CHANGED',
      payload: { from: this.#state.severity, to, reason: clipText(reason, limits.reason) },
    });
  }

  #outcome(): RecordedError['outcome'] {
    if (this.#state === null) return 'CREATED';
    return this.#state.status === 'RESOLVED' ? 'REOPENED' : 'JOINED';
  }

  #openSignal(level: IncidentSeverity): string | undefined {
    if (this.#state === null) return undefined;
    return this.#context.facts.openSignal(signalFingerprintOf(this.#fingerprint, level));
  }

  #ingest(error: ReportedError, level: IncidentSeverity): string {
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
    const dedupKey = dedupKeyOfErrors(this.#fingerprint);
    const payload = ingested(signal, { signalId, naming: this.#naming, at, firing: false, dedupKey });
    const keyJoined = this.#joinKey(payload.correlationKey);
    this.facts.push({
      type: 'INCIDENT_SIGNAL_INGESTED',
      payload: { ...payload, keyJoined, ...this.#naming.made() },
    });
    this.#fresh.set(level, error);
    return signalId;
  }

  #joinKey(key: string | null): boolean {
    if (key === null) return false;
    if (!this.#keys.has(key) && this.#keys.size >= listLimit) return false;
    this.#keys.add(key);
    return true;
  }
}
