import type { EarlyClearing, Episode } from '../domain/incident/decision.ts';
import { instantOf } from './wire.ts';

/** What is known of the episodes that were looked for. */
export interface LoadedEpisodes {
  /** Those of which a signal was cleared. */
  readonly over: readonly Episode[];
  /** Clearings of their keys and fingerprints that came before what they end. */
  readonly early: readonly EarlyClearing[];
}

/** Its part of what `warroom.load` answers. */
export interface WireEpisodes {
  readonly over: [dedupKey: string, fingerprint: string, beganAt: string][] | null;
  readonly early: [dedupKey: string, fingerprint: string, endedAt: string][] | null;
  readonly episodes_sought: boolean;
}

/** Null when they were not looked for. */
export function episodesOf({ over, early, episodes_sought }: WireEpisodes): LoadedEpisodes | null {
  if (!episodes_sought) return null;
  return {
    over: (over ?? []).map(([dedupKey, fingerprint, beganAt]) => ({
      dedupKey,
      fingerprint,
      beganAt: instantOf(beganAt),
    })),
    early: (early ?? []).map(([dedupKey, fingerprint, endedAt]) => ({
      dedupKey,
      fingerprint: fingerprint === '' ? null : fingerprint,
      endedAt: instantOf(endedAt),
    })),
  };
}
