import { clipText } from '../clipText.ts';
import { isBurstGoingOn } from '../detection/burst.ts';
import { ingested } from '../detection/ingested.ts';
import { withRuledSeverities } from '../detection/judgeDelivery.ts';
import { isMoreSevere, mostSevere } from '../detection/mostSevere.ts';
import { type Declaring, receiveUnknown } from '../detection/receiveUnknown.ts';
import { standingOfSync } from '../detection/syncedIncident.ts';
import type { Instant } from '../instant.ts';
import { refuseField, refuseTransition } from '../refuse.ts';
import type { IncidentCommandInputs } from './commands.ts';
import type { DecideContext, SignalData, SignalRepeat } from './decision.ts';
import { declare } from './declare.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import { type Naming, namingFor } from './naming.ts';
import { type IncidentState, listLimit } from './state.ts';
import { isFinal } from './transitions.ts';
import { alreadySo, type OpeningVerb } from './verb.ts';
import { type IncidentSeverity, isOpen } from './vocabulary.ts';

type Input = IncidentCommandInputs['receiveSignals'];
type FiringSignal = Input['firing'][number];

/**
 * The most signals and clears one command carries; a longer delivery is split. Also the most that a resolve which clears
 * everything clears beside those it names; what is left is the next command's.
 */
export const signalsPerCommandLimit = 64;

/**
 * A connector's delivery for one dedup key. When nobody holds the key and something fires, it declares; otherwise it
 * attaches what is new, counts what it knows, raises the severity (never lowers it), clears, acknowledges, and
 * resolves where the policy lets a connector do so and nothing is firing any more, neither of it nor of what was merged
 * into it, and its burst, if it has one, is silent; one that is synced resolves once its source has it resolved, too,
 * and then whatever the policy. It clears what came by its own key only, and of what a resolve clears without naming it
 * as many as one command does: while more fires, nothing is resolved. Of a resolved incident it only clears.
 * Clearing, acknowledging or resolving what is closed, cancelled or unknown is success without an event: there is
 * nothing left to be over.
 */
export const receiveSignals: OpeningVerb<'receiveSignals'> = (input, state, context) => {
  const size = input.firing.length + input.cleared.length;
  if (size > signalsPerCommandLimit) {
    const message = `At most ${signalsPerCommandLimit} signals and clears are allowed; these are ${size}.`;
    return refuseField(['firing'], message);
  }
  if (input.firing.length === 0 && (state === null || isFinal(state.status))) return alreadySo;
  if (state !== null && isFinal(state.status)) return refuseTransition(state, 'attaching a signal');
  const { detectionRules } = context.policy;
  if (state !== null && !isGuest(input, state, context)) {
    return outcome(new Delivery(withRuledSeverities(input, detectionRules), state, context));
  }
  const received = receiveUnknown(input, state, context);
  return 'ok' in received ? received : declaring(received, context);
};

/** Whether the incident was only found for it to join: rules speak of signals whose key no incident has. */
function isGuest({ dedupKey, firing }: Input, state: IncidentState, { policy }: DecideContext): boolean {
  return policy.detectionRules.length > 0 && firing.length > 0 && !state.dedupKeys.includes(dedupKey);
}

function declaring({ input, roles, lostSignals }: Declaring, context: DecideContext) {
  const naming = namingFor(context);
  const declared = declare(declaration(input, context.at), null, context, [input.dedupKey], naming);
  if (!declared.ok) return declared;
  const before = [...declared.facts, ...roles];
  return { ...outcome(new Delivery(input, null, context, naming), before), lostSignals };
}

function outcome(delivery: Delivery, before: readonly IncidentFact[] = []) {
  delivery.attach();
  delivery.raise();
  delivery.clear();
  delivery.acknowledge();
  delivery.resolve();
  const { facts, signalData, signalRepeats } = delivery;
  return { ok: true as const, facts: [...before, ...facts], signalData, signalRepeats };
}

/** How the delivery declares: as severe as its worst signal, detected no later than now, whatever its clock says. */
function declaration(input: Input, now: Instant): Input['declare'] {
  const { declare, severity } = input;
  return {
    ...declare,
    severity: severity !== null && isMoreSevere(severity, declare.severity) ? severity : declare.severity,
    detectedAt: noLaterThan(now, declare.detectedAt),
    startedAt: declare.startedAt == null ? null : noLaterThan(now, declare.startedAt),
  };
}

/** One delivery being decided: what it has found so far, and the few parts of the state that its own facts change. */
class Delivery {
  readonly facts: IncidentFact[] = [];
  readonly signalData: SignalData[] = [];
  readonly signalRepeats: SignalRepeat[] = [];
  readonly #input: Input;
  readonly #state: IncidentState | null;
  readonly #context: DecideContext;
  readonly #naming: Naming;
  readonly #correlationKeys: Set<string>;
  /** Signals that this delivery says are firing: resolving the whole does not clear them. */
  readonly #firing = new Set<string>();
  readonly #cleared = new Set<string>();
  readonly #joined: FiringSignal[] = [];
  #severity: IncidentSeverity;
  #openSignals: number;

  constructor(
    input: Input,
    state: IncidentState | null,
    context: DecideContext,
    naming: Naming = namingFor(context),
  ) {
    this.#input = input;
    this.#state = state;
    this.#context = context;
    this.#naming = naming;
    this.#correlationKeys = new Set(state?.correlationKeys ?? input.declare.correlationKeys ?? []);
    this.#severity = state?.severity ?? declaration(input, context.at).severity;
    this.#openSignals = state?.openSignalCount ?? 0;
  }

  /** Attaches what is new; a repeat of what is open only counts. */
  attach(): void {
    const seen = new Set<string>();
    for (const signal of this.#input.firing) {
      if (seen.has(signal.fingerprint)) continue;
      seen.add(signal.fingerprint);
      const open = this.#firingSignal(signal.fingerprint);
      if (open === undefined) {
        this.#ingest(signal);
      } else {
        this.#firing.add(open);
        this.signalRepeats.push({ signalId: open, at: this.#context.at });
      }
    }
  }

  /** A signal that joins may raise the severity; one that is merely repeated may not undo what a person decided. */
  raise(): void {
    const { severity: worst } = this.#input;
    const joining = mostSevere(this.#joined.flatMap((signal) => signal.raisesTo ?? worst ?? []));
    if (joining === null || !this.#isOpen() || !isMoreSevere(joining, this.#severity)) return;
    const cause = this.#joined.find((signal) => (signal.raisesTo ?? worst) === joining);
    const said = cause?.severity == null ? '' : ` of severity ${cause.severity}`;
    const reason = `${cause?.source ?? 'A connector'} sent a signal${said}: ${cause?.summary ?? ''}`;
    this.facts.push({
      type: 'INCIDENT_SEVERITY_CHANGED',
      payload: { from: this.#severity, to: joining, reason: clipText(reason, limits.reason) },
    });
    this.#severity = joining;
  }

  /** Clears what stopped firing; of the whole as much as is known when the source says that it is over. */
  clear(): void {
    for (const { fingerprint, at } of this.#input.cleared) {
      const signalId = this.#firingSignal(fingerprint);
      if (signalId !== undefined) this.#clear(signalId, fingerprint, at);
    }
    if (this.#input.resolve !== true || this.#state === null) return;
    for (const { signalId, fingerprint } of this.#context.facts.openSignals(this.#input.dedupKey)) {
      this.#clear(signalId, fingerprint, null);
    }
  }

  /** The other end says that someone has it. */
  acknowledge(): void {
    const { acknowledge } = this.#input;
    if (acknowledge == null || !this.#isOpen() || this.#state?.acknowledgement != null) return;
    this.facts.push({
      type: 'INCIDENT_ACKNOWLEDGED',
      payload: { note: acknowledge.note, severity: this.#severity },
    });
  }

  /** Resolves past the gates, where the policy lets a connector do so and nothing is firing any more. */
  resolve(): void {
    const isOver = this.#input.resolve === true || this.#cleared.size > 0;
    if (!isOver || this.#openSignals > 0 || !this.#isOpen()) return;
    const { resolveOnClear, silenceMinutes } = this.#context.policy.autoResolve;
    const standing = this.#state === null ? null : standingOfSync(this.#state);
    const isAllowed = standing === 'OVER' || resolveOnClear.includes(this.#severity);
    if (!isAllowed || standing === 'GOING_ON') return;
    if (this.#state !== null && isBurstGoingOn(this.#state, silenceMinutes, this.#context.at)) return;
    this.facts.push({
      type: 'INCIDENT_RESOLVED',
      payload: {
        summary: `Resolved automatically: ${this.#input.declare.source ?? 'the connector'} reports that nothing is firing any more.`,
        notes: null,
        impactAssessment: null,
        lessonsLearned: null,
        followUps: [],
        automatic: true,
        because: 'CLEARED',
      },
    });
  }

  #isOpen(): boolean {
    return this.#state === null || isOpen(this.#state.status);
  }

  #firingSignal(fingerprint: string): string | undefined {
    if (this.#state === null) return undefined;
    return this.#context.facts.firingSignal(fingerprint, this.#input.dedupKey);
  }

  #ingest(signal: FiringSignal): void {
    const { at } = this.#context;
    const signalId = this.#context.newId();
    const { dedupKey } = this.#input;
    const payload = ingested(signal, { signalId, naming: this.#naming, at, firing: true, dedupKey });
    this.facts.push({
      type: 'INCIDENT_SIGNAL_INGESTED',
      payload: { ...payload, keyJoined: this.#join(payload.correlationKey), ...this.#naming.made() },
    });
    if (signal.data != null) this.signalData.push({ signalId, json: signal.data.json });
    this.#firing.add(signalId);
    this.#joined.push(signal);
    this.#openSignals += 1;
  }

  #join(key: string | null): boolean {
    if (key === null) return false;
    if (this.#correlationKeys.has(key)) return true;
    if (this.#correlationKeys.size >= listLimit) return false;
    this.#correlationKeys.add(key);
    return true;
  }

  #clear(signalId: string, fingerprint: string | null, at: Instant | null): void {
    if (this.#cleared.has(signalId) || this.#firing.has(signalId)) return;
    this.#cleared.add(signalId);
    this.facts.push({
      type: 'INCIDENT_SIGNAL_CLEARED',
      payload: { signalId, fingerprint, clearedAt: noLaterThan(this.#context.at, at) },
    });
    this.#openSignals -= 1;
  }
}

function noLaterThan(now: Instant, at: Instant | null | undefined): Instant {
  return at == null || at > now ? now : at;
}
