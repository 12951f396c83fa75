import { systemActor } from '../access/actor.ts';
import { refuseConflict, refuseNotFound, refuseTransition } from '../refuse.ts';
import type { IncidentCommand, IncidentCommandName } from './commands.ts';
import type { Companion, DecideContext, Decision, Refused } from './decision.ts';
import type { IncidentEvent } from './events.ts';
import { oversize } from './oversize.ts';
import { type GateProgress, releaseIfOver } from './sessionGate.ts';
import { settle } from './settle.ts';
import { stampAll } from './stamp.ts';
import type { IncidentState } from './state.ts';
import { isWithin } from './transitions.ts';
import { unfitDelivery } from './unfitDelivery.ts';
import type { Agreed, FactsOrRefusal, OpeningVerb } from './verb.ts';
import { verbs, windows } from './verbs.ts';

/**
 * Decides one command on one incident. First every SLA, escalation and session gate instant due by `context.at` is
 * written, then the command is decided on the state they leave, then what that made due at once is written too (a
 * backdated declaration, a raised severity). All of it is one commit; refused, none of it is.
 *
 * Pure: no clock, no randomness, no I/O; it throws for nothing a caller can send.
 */
export function decide(
  command: IncidentCommand,
  state: IncidentState | null,
  context: DecideContext,
): Decision {
  const misplaced = misplacedCommand(command.name, state);
  if (misplaced !== null) return misplaced;
  return decideBy((settled) => verdictOn(command, settled, context), state, context);
}

/** Decides by a verb: what is due before, its own facts, and what they make due at once. */
function decideBy(
  verb: (state: IncidentState | null) => FactsOrRefusal,
  state: IncidentState | null,
  context: DecideContext,
): Decision {
  const before = settled(state, { blockedAt: context.gateBlockedAt, events: [] }, context);
  const verdict = verb(before.state);
  if (!verdict.ok) return verdict;
  const own = ownEvents(before.state, verdict, context);
  const tooLarge = oversize(before.state, own.events, own.state);
  if (tooLarge !== null) return tooLarge;
  const after = afterwards(before, own, context);
  return {
    ok: true,
    events: [...before.events, ...own.events, ...after.events],
    administrationEvents: after.gate.events,
    gateBlockedAt: after.gate.blockedAt,
    state: after.state,
    signalData: verdict.signalData ?? [],
    signalRepeats: verdict.signalRepeats ?? [],
    lostSignals: verdict.lostSignals ?? [],
    earlyClearings: verdict.earlyClearings ?? [],
    errors: verdict.errors ?? [],
    runs: verdict.runs ?? [],
    targets: verdict.targets ?? null,
    bulkTargets: verdict.bulkTargets ?? [],
    companion: verdict.companion === undefined ? null : companionOf(verdict.companion),
  };
}

/** Its own facts, and what follows from them by itself. */
function ownEvents(state: IncidentState | null, { facts, following = [] }: Agreed, context: DecideContext) {
  const own = stampAll(state, facts, context);
  const followed = stampAll(own.state, following, context, systemActor);
  return { state: followed.state, events: [...own.events, ...followed.events] };
}

function companionOf({ incidentId, decide: verb }: NonNullable<Agreed['companion']>): Companion {
  return {
    incidentId,
    decide: (state, context) => decideBy((settled) => verb(settled, context), state, context),
  };
}

const openingCommands: ReadonlySet<IncidentCommandName> = new Set<IncidentCommandName>([
  'declareIncident',
  'receiveSignals',
  'reportErrors',
  'reportRuns',
  'syncIncidents',
]);

/** Only a declaration and what machines report do without an incident, and a declaration only without one. */
function misplacedCommand(name: IncidentCommandName, state: IncidentState | null): Refused | null {
  if (state === null) {
    return openingCommands.has(name)
      ? null
      : refuseNotFound('There is no such incident in your organization.');
  }
  return name === 'declareIncident'
    ? refuseConflict('This incident has been declared already.', state.version)
    : null;
}

interface Settling {
  readonly state: IncidentState | null;
  readonly events: readonly IncidentEvent[];
  readonly gate: GateProgress;
}

function settled(state: IncidentState | null, gate: GateProgress, context: DecideContext): Settling {
  return state === null ? { state, events: [], gate } : settle(state, gate, context);
}

/** What the command's own events make due at once, and whether they end a block. */
function afterwards(before: Settling, own: Omit<Settling, 'gate'>, context: DecideContext): Settling {
  const { gate } = before;
  // Nothing new happened, so nothing new is due.
  if (own.events.length === 0) return { state: own.state, events: [], gate };
  if (before.state === null || own.state === null) return settled(own.state, gate, context);
  return settled(own.state, releaseIfOver(gate, before.state, own.state, context), context);
}

function verdictOn(
  command: IncidentCommand,
  state: IncidentState | null,
  context: DecideContext,
): FactsOrRefusal {
  const window = windows[command.name];
  if (window !== undefined && state !== null && !isWithin(window.until, state.status)) {
    return refuseTransition(state, window.what);
  }
  const unfit = command.name === 'receiveSignals' ? unfitDelivery(command.input, context) : null;
  if (unfit !== null) return unfit;
  // The table pairs every name with the verb of its own input; TypeScript cannot follow that through an index.
  const verb = verbs[command.name] as OpeningVerb<IncidentCommandName>;
  return verb(command.input, state, context);
}
