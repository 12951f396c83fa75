import { clipText } from '../clipText.ts';
import { isBurstGoingOn } from '../detection/burst.ts';
import { allEarly, earlyClearing, isAnew, isOverBy, type Told, toldOf } from '../detection/episodes.ts';
import { ingested } from '../detection/ingested.ts';
import { withRuledSeverities } from '../detection/judgeDelivery.ts';
import { isMoreSevere, mostSevere } from '../detection/mostSevere.ts';
import { type Declaring, receiveUnknown } from '../detection/receiveUnknown.ts';
import { standingOfSync } from '../detection/syncedIncident.ts';
import type { Instant } from '../instant.ts';
import { refuseField, refuseTransition } from '../refuse.ts';
import type { IncidentCommandInputs } from './commands.ts';
import type {
  DecideContext,
  EarlyClearing,
  FiringSignal as OpenSignal,
  SignalData,
  SignalRepeat,
} from './decision.ts';
import { declare } from './declare.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import { type Naming, namingFor } from './naming.ts';
import { resolvedBecause } from './resolvedBecause.ts';
import { type IncidentState, listLimit } from './state.ts';
import { isFinal } from './transitions.ts';
import { alreadySo, type FactsOrRefusal, type OpeningVerb } from './verb.ts';
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
 * nothing left to be over. Where the sender says when things begin and end, what is over changes nothing when told again,
 * a clearing older than what fires clears nothing, and one that comes before what it ends is kept for when that comes.
 */
export const receiveSignals: OpeningVerb<'receiveSignals'> = (input, state, context) => {
  const size = input.firing.length + input.cleared.length;
  if (size > signalsPerCommandLimit) {
    const message = `At most ${signalsPerCommandLimit} signals and clears are allowed; these are ${size}.`;
    return refuseField(['firing'], message);
  }
  const told = toldOf(input, state, context);
  // Decided anew once it was looked up.
  return told === null ? alreadySo : receiveTold(told, state, context);
};

function receiveTold(told: Told, state: IncidentState | null, context: DecideContext): FactsOrRefusal {
  const { input } = told;
  if (input.firing.length === 0 && (state === null || isFinal(state.status))) {
    return { ...alreadySo, earlyClearings: allEarly(input, context.at) };
  }
  if (state !== null && isFinal(state.status)) return refuseTransition(state, 'attaching a signal');
  const { detectionRules } = context.policy;
  if (state !== null && !isGuest(input, state, context)) {
    const ruled = { ...told, input: withRuledSeverities(input, detectionRules) };
    return outcome(new Delivery(ruled, state, context));
  }
  const received = receiveUnknown(input, state, context);
  if (!('ok' in received)) return declaring(received, told, context);
  if (!received.ok) return received;
  return { ...received, earlyClearings: allEarly(input, context.at) };
}

/** Whether the incident was only found for it to join: rules speak of signals whose key no incident has. */
function isGuest({ dedupKey, firing }: Input, state: IncidentState, { policy }: DecideContext): boolean {
  return policy.detectionRules.length > 0 && firing.length > 0 && !state.dedupKeys.includes(dedupKey);
}

function declaring({ input, roles, lostSignals }: Declaring, told: Told, context: DecideContext) {
  const naming = namingFor(context);
  const declared = declare(declaration(input, context.at), null, context, [input.dedupKey], naming);
  if (!declared.ok) return declared;
  const before = [...declared.facts, ...roles];
  return { ...outcome(new Delivery({ ...told, input }, null, context, naming), before), lostSignals };
}

function outcome(delivery: Delivery, before: readonly IncidentFact[] = []) {
  delivery.attach();
  delivery.raise();
  delivery.clear();
  delivery.acknowledge();
  delivery.resolve();
  const { facts, signalData, signalRepeats, earlyClearings } = delivery;
  return { ok: true as const, facts: [...before, ...facts], signalData, signalRepeats, earlyClearings };
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
  readonly earlyClearings: EarlyClearing[] = [];
  readonly #input: Input;
  readonly #endedAt: Told['endedAt'];
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
    { input, endedAt }: Told,
    state: IncidentState | null,
    context: DecideContext,
    naming: Naming = namingFor(context),
  ) {
    this.#input = input;
    this.#endedAt = endedAt;
    this.#state = state;
    this.#context = context;
    this.#naming = naming;
    this.#correlationKeys = new Set(state?.correlationKeys ?? input.declare.correlationKeys ?? []);
    this.#severity = state?.severity ?? declaration(input, context.at).severity;
    this.#openSignals = state?.openSignalCount ?? 0;
  }

  /**
   * Attaches what is new; a repeat of what is open only counts. What comes after its end is cleared at once, and what
   * fires anew has ended before, although nobody said so.
   */
  attach(): void {
    const seen = new Set<string>();
    for (const signal of this.#input.firing) {
      if (seen.has(signal.fingerprint)) continue;
      seen.add(signal.fingerprint);
      const open = this.#firingSignal(signal.fingerprint);
      const endedAt = this.#endedAt.get(signal.fingerprint);
      if (endedAt !== undefined) {
        this.#clear(this.#ingest(signal), signal.fingerprint, endedAt);
      } else if (open !== undefined && !isAnew(signal, open)) {
        this.#firing.add(open.signalId);
        this.signalRepeats.push({ signalId: open.signalId, at: this.#context.at });
      } else {
        this.#firing.add(this.#ingest(signal));
        if (open !== undefined) this.#clear(open.signalId, signal.fingerprint, signal.beganAt ?? null);
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
    const { dedupKey, cleared, resolvedAt = null, endsAll } = this.#input;
    for (const { fingerprint, at, beganAt = null } of cleared) {
      const open = this.#firingSignal(fingerprint);
      const isOver = open !== undefined && isOverBy(open, at);
      if (isOver) this.#clear(open.signalId, fingerprint, at);
      // It may be the end of an episode that comes yet, even where it ends one before.
      if (at !== null && !(isOver && open.beganAt === beganAt)) this.#remember(fingerprint, at);
    }
    if (endsAll === true && resolvedAt !== null) this.#remember(null, resolvedAt);
    if (this.#input.resolve !== true || this.#state === null) return;
    for (const open of this.#context.facts.openSignals(dedupKey)) {
      if (isOverBy(open, resolvedAt)) this.#clear(open.signalId, open.fingerprint, null);
    }
  }

  #remember(fingerprint: string | null, endedAt: Instant): void {
    this.earlyClearings.push(earlyClearing(this.#input.dedupKey, fingerprint, endedAt, this.#context.at));
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
    // Of an end with an instant, a repeat clears nothing: it must not resolve what was reopened since.
    const isWhole = this.#input.resolve === true && this.#input.resolvedAt == null;
    const isOver = isWhole || this.#cleared.size > 0;
    if (!isOver || this.#openSignals > 0 || !this.#isOpen()) return;
    const { resolveOnClear, silenceMinutes } = this.#context.policy.autoResolve;
    const standing = this.#state === null ? null : standingOfSync(this.#state);
    const isAllowed = standing === 'OVER' || resolveOnClear.includes(this.#severity);
    if (!isAllowed || standing === 'GOING_ON') return;
    if (this.#state !== null && isBurstGoingOn(this.#state, silenceMinutes, this.#context.at)) return;
    const source = this.#input.declare.source ?? 'the connector';
    const summary = `Resolved automatically: ${source} reports that nothing is firing any more.`;
    this.facts.push(resolvedBecause('CLEARED', summary));
  }

  #isOpen(): boolean {
    return this.#state === null || isOpen(this.#state.status);
  }

  #firingSignal(fingerprint: string): OpenSignal | undefined {
    if (this.#state === null) return undefined;
    return this.#context.facts.firingSignal(fingerprint, this.#input.dedupKey);
  }

  /** Answers its id. */
  #ingest(signal: FiringSignal): string {
    const { at } = this.#context;
    const signalId = this.#context.newId();
    const { dedupKey } = this.#input;
    const { beganAt = null } = signal;
    const as = { signalId, naming: this.#naming, at, firing: true, dedupKey, beganAt };
    const payload = ingested(signal, as);
    this.facts.push({
      type: 'INCIDENT_SIGNAL_INGESTED',
      payload: { ...payload, keyJoined: this.#join(payload.correlationKey), ...this.#naming.made() },
    });
    if (signal.data != null) this.signalData.push({ signalId, json: signal.data.json });
    this.#joined.push(signal);
    this.#openSignals += 1;
    return signalId;
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
