import type { Guessing } from '../app/guessing.ts';
import { TooManyGuessesError } from '../app/tooManyGuesses.ts';
import type { Credential } from './authenticate.ts';

/** How often a new secret waits for those under way from its address before it is turned away. */
const roundsAtMost = 10;

/**
 * Looks up secrets that were not right before: each counts as a guess of its address until it turns out to be right, and
 * `right` is told of it. The same secret many times at once is one guess.
 * @throws TooManyGuessesError when too many wrong ones came from the address.
 */
export function createKeyJudge({
  find,
  guessing,
  right,
}: {
  /** By the SHA-256 of the secret, in hexadecimal; null when there is none. */
  readonly find: (hash: string) => Promise<Credential | null>;
  readonly guessing: Guessing;
  readonly right: (hash: string) => void;
}): (hash: string, address: string) => Promise<Credential | null> {
  const counted = createLookUps<Credential | null>();
  const asked = new Map<string, Promise<Credential | null>>();

  const judge = async (hash: string, address: string): Promise<Credential | null> => {
    let guess = guessing.guess({ keysOfAddress: address });
    for (let round = 0; guess.waitSeconds > 0; round += 1) {
      // After a restart an office comes back all at once: what is under way is counted, and most of it right.
      if (round === roundsAtMost || !(await counted.settled(address))) {
        throw new TooManyGuessesError(guess.waitSeconds);
      }
      guess = guessing.guess({ keysOfAddress: address });
    }
    const credential = await counted.run(address, find(hash));
    if (credential !== null && 'right' in guess) {
      guess.right();
      right(hash);
    }
    return credential;
  };

  return (hash, address) => {
    const place = `${address} ${hash}`;
    const known = asked.get(place);
    if (known !== undefined) return known;
    const found = judge(hash, address).finally(() => void asked.delete(place));
    asked.set(place, found);
    return found;
  };
}

/** What is being looked up, by address. */
function createLookUps<T>() {
  const underWay = new Map<string, Set<Promise<T>>>();
  return {
    async run(address: string, found: Promise<T>): Promise<T> {
      const ofAddress = underWay.get(address) ?? new Set<Promise<T>>();
      underWay.set(address, ofAddress.add(found));
      try {
        return await found;
      } finally {
        ofAddress.delete(found);
        if (ofAddress.size === 0) underWay.delete(address);
      }
    },
    /** Once all that are under way now have ended; false when none are. */
    async settled(address: string): Promise<boolean> {
      const ofAddress = underWay.get(address);
      if (ofAddress === undefined) return false;
      await Promise.allSettled(ofAddress);
      return true;
    },
  };
}
