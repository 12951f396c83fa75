import type { IncidentState } from '../incident/state.ts';
import { type IncidentSeverity, isOpen } from '../incident/vocabulary.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import type { RunPolicy } from '../policy/policy.ts';

/** Failed runs of one source, none more than the silence window after the one before: what an incident is about. */
export interface Burst {
  readonly source: string;
  /** Which burst of its source this is, from 1: two that begin at once are told apart by it. */
  readonly ordinal: number;
  /** When its first run failed. */
  readonly startedAt: Instant;
  /** When its last run failed, so far. */
  readonly endedAt: Instant;
  readonly errorCount: number;
  readonly uniqueTargets: number;
  /** The latest by its instant, whenever it was reported. */
  readonly latestRunId: string;
  readonly latestError: string;
}

/**
 * The key that makes one incident the source's n-th burst. It is never given back, so that whoever counted the bursts
 * before another began cannot begin the same one again.
 */
export function keyOfBurst(source: string, ordinal: number): string {
  return `runs:${source}#${ordinal}`;
}

/** Whether a dedup key is kept when its incident is resolved or cancelled: of a burst, and of what is synced. */
export function isKeptForEver(dedupKey: string): boolean {
  return /^(runs:.*#\d+|sync:[^:]+:.*)$/s.test(dedupKey);
}

/** Until when errors are the incident's own: after its end, a new one begins; null while it is open. */
export function endOf(state: Pick<IncidentState, 'resolvedAt' | 'cancelledAt'>): Instant | null {
  return state.resolvedAt ?? state.cancelledAt;
}

/** Whether a run that failed at this instant is of this incident's burst. Windows are minutes. */
export function isOfBurst(state: IncidentState, at: Instant, silenceMinutes: number): boolean {
  const { burst } = state;
  if (burst === null) return false;
  const end = endOf(state);
  return (
    at >= plusMinutes(burst.startedAt, -silenceMinutes) &&
    at <= plusMinutes(burst.endedAt, silenceMinutes) &&
    (end === null || at <= end)
  );
}

/** Of the incidents whose burst one of the instants is of: the open one, else the one that began last. */
export function burstOf(
  states: readonly IncidentState[],
  instants: readonly Instant[],
  silenceMinutes: number,
): IncidentState | undefined {
  const fitting = states.filter((state) => instants.some((at) => isOfBurst(state, at, silenceMinutes)));
  const open = fitting.filter(({ status }) => isOpen(status));
  return latestOf(open) ?? latestOf(fitting);
}

function latestOf(states: readonly IncidentState[]): IncidentState | undefined {
  let latest: IncidentState | undefined;
  for (const state of states) {
    if ((state.burst?.ordinal ?? 0) > (latest?.burst?.ordinal ?? 0)) latest = state;
  }
  return latest;
}

/**
 * When silence resolves this incident; null when it does not: only bursts end so, and not one that a person reopened,
 * until another run of it fails. Source: rules.md, Clocks.
 */
export function silenceEndsAt(
  { burst, reopenedAt, openSignalCount }: Pick<IncidentState, 'burst' | 'reopenedAt' | 'openSignalCount'>,
  silenceMinutes: number,
): Instant | null {
  if (burst === null || openSignalCount > 0) return null;
  if (reopenedAt !== null && reopenedAt >= burst.endedAt) return null;
  return plusMinutes(burst.endedAt, silenceMinutes);
}

/** Whether runs of its burst may still fail once no signal fires: silence resolves it then, or they would begin another. */
export function isBurstGoingOn(
  state: Pick<IncidentState, 'burst' | 'reopenedAt'>,
  silenceMinutes: number,
  at: Instant,
): boolean {
  const silentAt = silenceEndsAt({ ...state, openSignalCount: 0 }, silenceMinutes);
  return silentAt !== null && silentAt > at;
}

/** How severe a burst is by its count and its blast radius; SEV4 below every threshold. */
export function severityOfBurst(
  { thresholds, sources }: RunPolicy,
  { source, errorCount, uniqueTargets }: Pick<Burst, 'source' | 'errorCount' | 'uniqueTargets'>,
): IncidentSeverity {
  const own = sources.find((one) => one.source === source)?.thresholds ?? thresholds;
  const met = own.filter(({ errors, targets }) => errorCount >= errors && uniqueTargets >= targets);
  return met.map(({ severity }) => severity).sort()[0] ?? 'SEV4';
}
