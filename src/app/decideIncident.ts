import type { Actor } from '../domain/access/actor.ts';
import type { ReportedError } from '../domain/detection/errorReport.ts';
import type { IncidentCommand } from '../domain/incident/commands.ts';
import { decide } from '../domain/incident/decide.ts';
import type { Accepted, Companion, DecideContext, Decision, MoreFacts } from '../domain/incident/decision.ts';
import { evolve } from '../domain/incident/evolve.ts';
import { isReopenedBy } from '../domain/incident/reportErrors.ts';
import type { IncidentState } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import { refuseConflict, refuseNotFound } from '../domain/refuse.ts';
import { dedupKeyMoves } from '../store/dedupKeyMoves.ts';
import { ServerOutdatedError } from './answer.ts';
import type { BatchState, Held } from './batchState.ts';
import type { Deciding } from './decideBatch.ts';
import { extraRows } from './extraRows.ts';
import type { Job } from './job.ts';
import type { IncidentRequest } from './loadRequest.ts';
import { stillNeeded } from './stillNeeded.ts';
import type { IncidentDraft, Verdict } from './verdict.ts';

/** Decides one command on an incident, on the state the commands of the batch before it left, and notes its effect. */
export function decideIncident(job: Job, request: IncidentRequest, { batch, now, newId }: Deciding): Verdict {
  const { command } = request;
  const incidentId = incidentIdOf(job, request, batch, now);
  const touched = [incidentId, ...othersOf(command)];
  if (touched.some((id) => batch.isOutdated(id))) return { kind: 'failed', error: new ServerOutdatedError() };
  const held = batch.incident(incidentId);
  if (held === undefined && request.target.by === 'id') return refused(notFound);
  if (needsAnotherLoad(job, request, incidentId, held, batch)) return { kind: 'later' };
  if (isTooEarly(command, touched, { held, batch })) return { kind: 'later' };
  const state = held?.state ?? null;
  const stale = staleExpectation(request.expectedVersion, state);
  if (stale !== null) return refused(stale);
  const deciding = new Considering(job, request, { batch, now, newId });
  const decision = asTargeted(request, decide(command, state, deciding.context(incidentId)));
  const other = decision.ok ? decision.companion : null;
  const beside = other === null ? null : companionOf(other, deciding);
  if (deciding.isToWait) return { kind: 'later' };
  if (!decision.ok) return refused(decision.refusal);
  if (beside?.decision.ok === false) return refused(beside.decision.refusal);
  const planned = isTimer(command.name);
  const verdict = accepted(job, { incidentId, held, decision, planned, at: now }, batch);
  if (beside === null || verdict.kind !== 'draft') return verdict;
  return {
    ...verdict,
    companion: draftOf({ ...beside, decision: beside.decision, planned, at: now }, batch),
  };
}

/** What is to reach who held the key before is told to who holds it now, too: that remembers what came early. */
function asTargeted({ target }: IncidentRequest, decision: Decision): Decision {
  return decision.ok && target.by === 'releasedKey' ? { ...decision, earlyClearings: [] } : decision;
}

/** What a job's decisions share, on its own incident and on another that it changes too. */
class Considering {
  readonly batch: BatchState;
  #usesNewName = false;
  #needs: MoreFacts | null = null;
  readonly #job: Job;
  readonly #actor: Actor;
  readonly #deciding: Deciding;

  constructor(job: Job, { actor }: IncidentRequest, deciding: Deciding) {
    this.batch = deciding.batch;
    this.#job = job;
    this.#actor = actor;
    this.#deciding = deciding;
  }

  /** Whether what was decided needs something that is not known yet: it is decided again. */
  get isToWait(): boolean {
    if (this.#needs !== null) this.#job.more = this.#needs;
    return this.#usesNewName || this.#needs !== null;
  }

  context(incidentId: string): DecideContext {
    const { batch, now, newId } = this.#deciding;
    const gateBlockedAt = batch.gateOf(incidentId);
    const onNewName = () => {
      this.#usesNewName = true;
    };
    const lookUp = (more: MoreFacts) => {
      const needs = stillNeeded(more, this.#job.more);
      this.#needs = needs ?? this.#needs;
      return needs === null;
    };
    return {
      incidentId,
      commandId: this.#job.commandId,
      actor: this.#actor,
      at: latest(now, batch.incident(incidentId)?.state.updatedAt, gateBlockedAt),
      policy: batch.policy,
      facts: batch.factsOf(incidentId, onNewName, lookUp),
      gateBlockedAt,
      newId,
    };
  }
}

function companionOf({ incidentId, decide: decideOn }: Companion, considering: Considering) {
  const { batch } = considering;
  const held = batch.incident(incidentId);
  return { incidentId, held, decision: decideOn(held?.state ?? null, considering.context(incidentId)) };
}

/** Other incidents that a command names. */
function othersOf(command: IncidentCommand): readonly string[] {
  return command.name === 'mergeIncidents' ? [command.input.intoIncidentId] : [];
}

/** On what this batch rearranged, changed before a split, or cleared in part before the rest: once that is committed. */
function isTooEarly(
  { name, input }: IncidentCommand,
  touched: readonly string[],
  { held, batch }: { readonly held: Held | undefined; readonly batch: BatchState },
): boolean {
  if (touched.some((id) => batch.isRearranged(id))) return true;
  if (name === 'receiveSignals' && input.resolve === true && held?.loaded)
    return batch.mayMissOpenSignals(held.state.id, input.dedupKey);
  return name === 'splitSignal' && held?.loaded?.state !== held?.state;
}

/** Time does not run backwards for an incident, whichever instance's clock is asked. */
function latest(now: Instant, ...others: readonly (Instant | null | undefined)[]): Instant {
  return others.reduce<Instant>((last, at) => (at != null && at > last ? at : last), now);
}

const notFound: Refusal = refuseNotFound('There is no such incident in your organization.').refusal;

function refused(refusal: Refusal): Verdict {
  return { kind: 'refused', refusal };
}

function isTimer(name: string): boolean {
  return name === 'fireDeadlines' || name === 'replanIncident';
}

function incidentIdOf(
  job: Job,
  { target, command }: IncidentRequest,
  batch: BatchState,
  now: Instant,
): string {
  if (target.by === 'id') return target.incidentId;
  if (target.by === 'burst') return ofBurst(target.source, command, { batch, now }) ?? job.newIncidentId;
  const named = target.by === 'new' ? undefined : namedByKey(target, command, { batch, now });
  return named ?? joinedBy(job, batch) ?? job.newIncidentId;
}

/** The open incident that was found for signals which only join. */
function joinedBy({ more }: Job, batch: BatchState): string | undefined {
  return more === null ? undefined : batch.joinable(more);
}

/** What fires again after its incident gave the key back is a new incident's; what stops firing still is that one's. */
function namedByKey(
  { by, key }: KeyTarget,
  command: IncidentCommand,
  { batch, now }: Pick<Deciding, 'batch' | 'now'>,
): string | undefined {
  if (command.name === 'reportErrors') {
    return batch.holderOf(key) ?? reopenedBy(command.input.errors, batch.lastHolderOf(key), { batch, now });
  }
  const fires =
    command.name === 'receiveSignals' ? command.input.firing.length > 0 : command.name !== 'syncIncidents';
  const holder = by === 'dedupKey' ? batch.holderOf(key) : undefined;
  return holder ?? (fires ? undefined : batch.lastHolderOf(key));
}

/** The incident whose burst these runs are of, as far as the batch knows bursts. */
function ofBurst(
  source: string,
  command: IncidentCommand,
  { batch, now }: Pick<Deciding, 'batch' | 'now'>,
): string | undefined {
  if (command.name !== 'reportRuns') return undefined;
  const instants = command.input.runs
    .filter(({ status, runId }) => status === 'FAILED' && !batch.runs.knowsRun(source, runId))
    .map(({ at }) => (at === null || at > now ? now : at));
  const { silenceMinutes } = batch.policy.autoResolve;
  const stateOf = (id: string) => batch.incident(id)?.state;
  return batch.runs.incidentOf(source, instants, { silenceMinutes, stateOf });
}

/** Who held the key of these errors last, if they reopen it. */
function reopenedBy(
  errors: readonly ReportedError[],
  lastHolder: string | undefined,
  { batch, now }: Pick<Deciding, 'batch' | 'now'>,
): string | undefined {
  const state = lastHolder === undefined ? undefined : batch.incident(lastHolder)?.state;
  if (state === undefined) return undefined;
  const asked = () => true;
  const facts = batch.factsOf(state.id, asked, asked);
  const context = { policy: batch.policy, facts, at: latest(now, state.updatedAt) };
  return isReopenedBy(errors, state, context) ? state.id : undefined;
}

type KeyTarget = Extract<IncidentRequest['target'], { readonly key: string }>;

/**
 * A key that came to this incident in this very batch: the load did not know, and did not bring all that a delivery
 * for the key needs of it. An incident declared in this batch has nothing that could be missing.
 */
function needsAnotherLoad(
  job: Job,
  { target }: IncidentRequest,
  incidentId: string,
  held: Held | undefined,
  batch: BatchState,
): boolean {
  if (!('key' in target) || held === undefined || held.loaded === null) return false;
  return !batch.wasLoadedByKey(target.key, incidentId) && joinedBy(job, batch) !== incidentId;
}

function staleExpectation(
  expectedVersion: number | null | undefined,
  state: IncidentState | null,
): Refusal | null {
  if (expectedVersion == null || state === null) return null;
  if (expectedVersion >= state.materialVersion && expectedVersion <= state.version) return null;
  const message =
    expectedVersion > state.version
      ? `The incident is at version ${state.version}; it has no version ${expectedVersion} yet.`
      : `The incident changed since version ${expectedVersion}; it is at version ${state.version} now.`;
  return refuseConflict(message, state.version).refusal;
}

interface Outcome {
  readonly incidentId: string;
  readonly held: Held | undefined;
  readonly decision: Accepted;
  readonly planned: boolean;
  /** When it was decided. */
  readonly at: Instant;
}

function accepted(job: Job, outcome: Outcome, batch: BatchState): Verdict {
  const { decision, planned } = outcome;
  const { events, administrationEvents, state } = decision;
  const { signalData, signalRepeats, lostSignals, earlyClearings, errors, runs } = decision;
  const rows = [signalData, signalRepeats, lostSignals, earlyClearings, errors, runs];
  const hasRows = rows.some(({ length }) => length > 0);
  const hasMoved = events.length > 0 || administrationEvents.length > 0;
  if (!hasMoved && !planned && !hasRows && !job.request.request) return { kind: 'same', state };
  return { kind: 'draft', draft: draftOf(outcome, batch) };
}

function draftOf(outcome: Outcome, batch: BatchState): IncidentDraft {
  const { incidentId, held, decision, planned, at } = outcome;
  const { events, administrationEvents, state } = decision;
  const hasMoved = events.length > 0 || administrationEvents.length > 0;
  const keys = state === null || events.length === 0 ? null : dedupKeyMoves(events, state);
  const gate = { before: batch.gateOf(incidentId), after: decision.gateBlockedAt };
  const extra = extraRows(decision, { incidentId, at, batch });
  if (state !== null && hasMoved) batch.apply(incidentId, decision, state, keys);
  batch.noteErrors(decision.errors);
  batch.noteEarly(decision.earlyClearings);
  batch.runs.note(decision.runs, state);
  return {
    ledger: 'INCIDENTS',
    incidentId: state === null ? null : incidentId,
    base: state === null ? null : (held?.state.version ?? 0),
    loaded: held?.loaded ?? null,
    events,
    administrationEvents,
    gate,
    states: statesAfter(held?.state ?? null, decision),
    after: state,
    keys,
    extra,
    planned,
  };
}

/** The state after each event; only the last one comes with the decision. */
function statesAfter(before: IncidentState | null, { events, state }: Accepted): readonly IncidentState[] {
  const last = events.length - 1;
  let current = before;
  return events.map((event, index) => {
    current = index === last && state !== null ? state : evolve(current, event);
    return current;
  });
}
