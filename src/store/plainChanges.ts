import { stateShape } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Change } from './port.ts';

/** What all changes of one incident come to. */
interface Slot {
  readonly first: number;
  readonly base: number;
  readonly gateBefore: Instant | null;
  version: number;
  gateAfter: Instant | null;
  carrier: number | null;
  planner: number | null;
  /** Some change so far has left its state to a later one. */
  open: boolean;
}

type PlainChange = Change & { readonly incidentId: string; readonly baseVersion: number };

/**
 * What `warroom.commit` needs to see at a glance that the whole batch can be committed: all of it if each incident is
 * stored at the version its first change was decided on, and no idempotency key has an answer. Undefined where that is
 * not enough: other things are compared too, or the changes do not follow each other.
 */
export function plainOf(changes: readonly Change[]): readonly object[] | undefined {
  const slots = new Map<string, Slot>();
  const keys = new Set<string>();
  for (const [index, change] of changes.entries()) {
    if (!isPlain(change) || !follows(slots, change, index + 1)) return undefined;
    if (change.request !== null) keys.add(`${change.request.principal} ${change.request.key}`);
  }
  if (keys.size < changes.filter(({ request }) => request !== null).length) return undefined;
  if ([...slots.values()].some(({ open }) => open)) return undefined;
  return changes.map(({ incidentId }, index) => {
    const o = index + 1;
    const slot = slots.get(incidentId as string) as Slot;
    if (slot.first !== o) return { o, slot: slot.first, incident: incidentId };
    return {
      o,
      slot: o,
      incident: incidentId,
      base: slot.base,
      gate_before: slot.gateBefore,
      version: slot.version,
      gate_after: slot.gateAfter,
      shape: stateShape,
      carrier: slot.carrier,
      planner: slot.planner,
    };
  });
}

/** Nothing but the incident and the policy is compared for it. */
function isPlain(change: Change): change is PlainChange {
  const { incidentId, baseVersion, administrationSequence, dedupKeys, rows, events } = change;
  return (
    incidentId !== null &&
    baseVersion !== null &&
    administrationSequence === null &&
    dedupKeys === null &&
    !comparedTables.some((table) => table in rows) &&
    events.every(({ ledger }) => ledger === 'INCIDENTS')
  );
}

/** Names may have been made by others, a policy is compared with the one before it, an early clearing with who holds its key. */
const comparedTables = ['service', 'team', 'project', 'policy', 'early_clearing'] as const;

/** Takes the change into its incident's slot; false when it does not follow the one before it there. */
function follows(slots: Map<string, Slot>, change: PlainChange, ordinal: number): boolean {
  const { incidentId, baseVersion, events, incident, deadlines, gate } = change;
  const known = slots.get(incidentId);
  if (known === undefined && baseVersion === 0 && events.length === 0) return false;
  const { before, after } = gate ?? { before: null, after: null };
  const slot = known ?? {
    first: ordinal,
    base: baseVersion,
    gateBefore: before,
    version: baseVersion,
    gateAfter: before,
    carrier: null,
    planner: null,
    open: false,
  };
  if (slot.version !== baseVersion || slot.gateAfter !== before) return false;
  slot.gateAfter = after;
  slots.set(incidentId, slot);
  slot.version += events.length;
  if (incident !== null) [slot.carrier, slot.open] = [ordinal, false];
  else if (events.length > 0) slot.open = true;
  if (deadlines !== null) slot.planner = ordinal;
  return true;
}
