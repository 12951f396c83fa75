import type { EarlyClearing, Episode, KnownEpisode } from '../domain/incident/decision.ts';
import type { Instant } from '../domain/instant.ts';
import type { Loaded } from '../store/port.ts';

/** What is known of episodes that do not fire, as a batch has it by now. */
export class Episodes {
  readonly #over = new Set<string>();
  /** Dedup key, or dedup key and fingerprint → the latest end that came early. */
  readonly #ends = new Map<string, Instant>();
  readonly #isLookedUp: boolean;

  constructor(loaded: Loaded['episodes']) {
    this.#isLookedUp = loaded !== null;
    for (const episode of loaded?.over ?? []) this.end(episode);
    for (const clearing of loaded?.early ?? []) this.remember(clearing);
  }

  /** A signal of it was cleared. */
  end(episode: Episode): void {
    this.#over.add(nameOf(episode));
  }

  /** A clearing came before what it ends. */
  remember({ dedupKey, fingerprint, endedAt }: EarlyClearing): void {
    const place = placeOf(dedupKey, fingerprint);
    const known = this.#ends.get(place);
    if (known === undefined || known < endedAt) this.#ends.set(place, endedAt);
  }

  /** Undefined when nobody knows, because it was not looked up. */
  find(episode: Episode): KnownEpisode | undefined {
    const isOver = this.#over.has(nameOf(episode));
    if (!isOver && !this.#isLookedUp) return undefined;
    const { dedupKey, fingerprint } = episode;
    const ends = [fingerprint, null].flatMap((one) => this.#ends.get(placeOf(dedupKey, one)) ?? []);
    return { isOver, endedAt: ends.toSorted().at(-1) ?? null };
  }
}

function nameOf({ dedupKey, fingerprint, beganAt }: Episode): string {
  return JSON.stringify([dedupKey, fingerprint, beganAt]);
}

function placeOf(dedupKey: string, fingerprint: string | null): string {
  return JSON.stringify([dedupKey, fingerprint]);
}
