import type { IncidentCommandInputs } from '../incident/commands.ts';
import type { DecideContext, EarlyClearing, FiringSignal } from '../incident/decision.ts';
import type { IncidentState } from '../incident/state.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import { mostSevere } from './mostSevere.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];
type Firing = Delivery['firing'][number];

/** How far a sender's clock may be ahead: an end that lies further ahead of ours counts as no later than that. */
const aheadMinutes = 5;

/** A delivery, and what is known of the episodes it tells of. */
export interface Told {
  /** Without what was told before and is over. */
  readonly input: Delivery;
  /** Fingerprints of what is over although it comes only now, with the end of each. */
  readonly endedAt: ReadonlyMap<string, Instant>;
}

type Standing = 'KNOWN' | 'FIRES' | { readonly endedAt: Instant };

/**
 * What a delivery tells of episodes: a repeat of one that is over is left out, and one whose end came before it, or
 * whose fingerprint has fired anew since, is over already. A signal that does not say when it began is as those beside
 * it that do. Null when episodes have to be looked up first.
 */
export function toldOf(input: Delivery, state: IncidentState | null, context: DecideContext): Told | null {
  const standings = new Map<Firing, Standing>();
  for (const signal of input.firing) {
    const standing =
      signal.beganAt == null ? undefined : standingOf(signal, signal.beganAt, input, state, context);
    if (standing === null) return null;
    if (standing !== undefined) standings.set(signal, standing);
  }
  const all = [...standings.values()];
  if (all.every((standing) => standing === 'FIRES')) return { input, endedAt: new Map() };
  const beside = besides(all);
  const of = (signal: Firing) => standings.get(signal) ?? beside;
  const firing = input.firing.filter((signal) => of(signal) !== 'KNOWN');
  const endedAt = new Map<string, Instant>();
  for (const signal of firing) {
    const standing = of(signal);
    if (typeof standing === 'object') endedAt.set(signal.fingerprint, standing.endedAt);
  }
  return { input: firing.length < input.firing.length ? withOnly(firing, input) : input, endedAt };
}

/** The delivery of these of its signals alone: as severe as they are, and detected when the first of them was. */
function withOnly(firing: readonly Firing[], input: Delivery): Delivery {
  const { declare } = input;
  const severity = mostSevere(firing.flatMap(({ raisesTo }) => raisesTo ?? [])) ?? input.severity;
  const detectedAt = firing.flatMap((signal) => signal.at ?? []).toSorted()[0] ?? null;
  return {
    ...input,
    firing,
    severity,
    declare: { ...declare, severity: severity ?? declare.severity, detectedAt },
  };
}

/** Null when it has to be looked up. */
function standingOf(
  { fingerprint }: Firing,
  beganAt: Instant,
  { dedupKey }: Delivery,
  state: IncidentState | null,
  { facts }: DecideContext,
): Standing | null {
  const open = state === null ? undefined : facts.firingSignal(fingerprint, dedupKey);
  if (open !== undefined && (open.beganAt === null || open.beganAt === beganAt)) return 'FIRES';
  const known = facts.episode({ dedupKey, fingerprint, beganAt });
  if (known === undefined) {
    facts.lookUp({ joinable: [], userIds: [], episodes: true });
    return null;
  }
  if (known.isOver) return 'KNOWN';
  if (known.endedAt !== null && known.endedAt >= beganAt) return { endedAt: known.endedAt };
  return open?.beganAt != null && open.beganAt > beganAt ? { endedAt: open.beganAt } : 'FIRES';
}

/** What is beside these fires if one of them does, and else is over no earlier than they are. */
function besides(standings: readonly Standing[]): Standing {
  if (standings.includes('FIRES')) return 'FIRES';
  const ends = standings.flatMap((standing) => (typeof standing === 'object' ? standing.endedAt : []));
  const last = ends.toSorted().at(-1);
  return last === undefined ? 'KNOWN' : { endedAt: last };
}

/** What a clearing is remembered as that came before what it ends. */
export function earlyClearing(
  dedupKey: string,
  fingerprint: string | null,
  endedAt: Instant,
  now: Instant,
): EarlyClearing {
  const latest = plusMinutes(now, aheadMinutes);
  return { dedupKey, fingerprint, endedAt: endedAt > latest ? latest : endedAt };
}

/** All that a delivery clears where nothing fires that it could clear. */
export function allEarly(delivery: Delivery, now: Instant): readonly EarlyClearing[] {
  const { dedupKey, cleared, resolvedAt, endsAll } = delivery;
  const named = cleared.flatMap(({ fingerprint, at }) =>
    at === null ? [] : earlyClearing(dedupKey, fingerprint, at, now),
  );
  return endsAll === true && resolvedAt != null
    ? [...named, earlyClearing(dedupKey, null, resolvedAt, now)]
    : named;
}

/** Whether what is told began after what fires: that is over then. */
export function isAnew({ beganAt }: Firing, open: FiringSignal): boolean {
  return beganAt != null && open.beganAt !== null && beganAt > open.beganAt;
}

/** Whether it began no later than that, as far as anybody knows. */
export function isOverBy({ beganAt }: FiringSignal, at: Instant | null): boolean {
  return beganAt === null || at === null || beganAt <= at;
}
