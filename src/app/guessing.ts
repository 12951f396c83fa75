import { createHash, randomBytes } from 'node:crypto';
import { networkOf } from './networkOf.ts';

/** So many wrong ones at once, then one more each so many milliseconds. */
export interface GuessLimit {
  readonly atOnce: number;
  readonly oneMoreEvery: number;
}

/**
 * How often secrets may be wrong. What is counted is secrets, not requests: a thousand in one request are a thousand.
 * A right one counts for nothing.
 */
export const guessLimits = {
  /** Passwords of one account, from browsers that have not signed in to it before. Together: it is all one account. */
  account: { atOnce: 20, oneMoreEvery: 60_000 },
  /** Passwords of one account from one browser that has: nobody else can use that up. */
  knownBrowser: { atOnce: 10, oneMoreEvery: 60_000 },
  /** Passwords, links and invitations from one address (of IPv6, one /64): an office may share one. */
  address: { atOnce: 60, oneMoreEvery: 10_000 },
  /** Invitations that one person tries to accept in the API. */
  invitationsOfPerson: { atOnce: 20, oneMoreEvery: 60_000 },
  /** Messages that strangers ask to be sent to one address. */
  mailTo: { atOnce: 3, oneMoreEvery: 600_000 },
  /** Invitations that one organization sends: enough for a company at once, too few to write to the world. */
  invitationsOf: { atOnce: 200, oneMoreEvery: 30_000 },
  /** Invitations that are sent to one address, by whatever organization. */
  invitationsTo: { atOnce: 5, oneMoreEvery: 600_000 },
  /** Round trips to the identity provider begun from one address. */
  beginningsOfAddress: { atOnce: 60, oneMoreEvery: 2_000 },
  /** API keys and tokens of programs from one address: one that polls with an old key is not worth a lock-out. */
  keysOfAddress: { atOnce: 300, oneMoreEvery: 2_000 },
} as const satisfies Record<string, GuessLimit>;

/** Who a secret is counted for: for each kind of limit, whose it is. */
export type GuessedBy = Partial<Record<keyof typeof guessLimits, string>>;

/** Whether one more secret may be checked: not for so many seconds, or now, counted as wrong until told otherwise. */
export type Guess =
  | { readonly waitSeconds: number }
  | { readonly waitSeconds: 0 /** It was right. */; right(): void };

/** Slows down whoever guesses secrets. */
export interface Guessing {
  /** Asks to check one secret, and counts it. Refused when any of `by` is past its limit; then it counts for none. */
  guess(by: GuessedBy): Guess;
}

/** Slots of each of a limit's two rows. */
const slots = 32_768;

/**
 * Counts in this process only, in memory of a fixed size: behind several instances a guesser gets each one's limits.
 * Nothing is written down for a wrong guess, or guessing would be a way to make the database write.
 * `now` is monotonic, in milliseconds.
 */
export function createGuessing(
  now: () => number = () => performance.now(),
  limits: Record<keyof typeof guessLimits, GuessLimit> = guessLimits,
): Guessing {
  const meters = Object.fromEntries(
    Object.entries(limits).map(([kind, limit]) => [kind, new GuessMeter(limit)]),
  ) as Record<keyof typeof guessLimits, GuessMeter>;

  return {
    guess(by) {
      const counted = Object.entries(by).map(([kind, whose]) => {
        const meter = meters[kind as keyof typeof guessLimits];
        return { meter, at: meter.slotsOf(kind.endsWith('ddress') ? networkOf(whose) : whose) };
      });
      const at = now();
      const waitMilliseconds = Math.max(0, ...counted.map((one) => one.meter.wait(one.at, at)));
      if (waitMilliseconds > 0) return { waitSeconds: Math.ceil(waitMilliseconds / 1_000) };
      for (const one of counted) one.meter.count(one.at, at);
      let told = false;
      return {
        waitSeconds: 0,
        right() {
          if (told) return;
          told = true;
          for (const one of counted) one.meter.uncount(one.at);
        },
      };
    },
  };
}

/**
 * Each slot holds until when its guesses have used up what it is given. Two who share a slot by chance share its limit,
 * so there are two rows and only who is past it in both is: with a salt nobody knows, nobody can aim at another's.
 */
class GuessMeter {
  readonly #limit: GuessLimit;
  readonly #salt = randomBytes(16);
  readonly #usedUpUntil = [new Float64Array(slots), new Float64Array(slots)];

  constructor(limit: GuessLimit) {
    this.#limit = limit;
  }

  slotsOf(whose: string): readonly number[] {
    const digest = createHash('sha256').update(this.#salt).update(whose).digest();
    return this.#usedUpUntil.map((_, row) => digest.readUInt32LE(row * 4) % slots);
  }

  /** Milliseconds until one more is given. */
  wait(at: readonly number[], now: number): number {
    const { atOnce, oneMoreEvery } = this.#limit;
    const waits = this.#usedUpUntil.map((row, index) => {
      const used = Math.max(row[at[index] ?? 0] ?? 0, now) - now;
      return used + oneMoreEvery - atOnce * oneMoreEvery;
    });
    return Math.max(0, Math.min(...waits));
  }

  count(at: readonly number[], now: number): void {
    this.#usedUpUntil.forEach((row, index) => {
      const slot = at[index] ?? 0;
      row[slot] = Math.max(row[slot] ?? 0, now) + this.#limit.oneMoreEvery;
    });
  }

  uncount(at: readonly number[]): void {
    this.#usedUpUntil.forEach((row, index) => {
      const slot = at[index] ?? 0;
      row[slot] = (row[slot] ?? 0) - this.#limit.oneMoreEvery;
    });
  }
}
