import { LRUCache } from 'lru-cache';
import type { DeadLetters } from '../app/deadLetters.ts';
import { deadLetterBytesAtMost, deadLettersAtMost } from '../domain/detection/deadLetter.ts';
import type { Tally } from './tally.ts';

/** How many milliseconds it takes until a key may have another letter, or another byte, kept. */
const millisecondsALetter = 1_000;
const millisecondsAByte = 1_000 / 65_536;

/** Keys remembered at once. */
const remembered = 10_000;

/**
 * Holds each key to as many letters and bytes as the list keeps, then to a letter and 64 KiB a second: whoever sends
 * what is refused without end has no more of it written. What goes past that is counted in the log. Counts in this
 * process only. `now` is monotonic, in milliseconds.
 */
export function paceLetters(
  letters: Pick<DeadLetters, 'keep'>,
  tally: Tally,
  now: () => number = () => performance.now(),
): Pick<DeadLetters, 'keep'> {
  const usedUp = new LRUCache<string, { readonly letters: number; readonly bytes: number }>({
    max: remembered,
  });
  return {
    async keep(principal, letter) {
      const { credentialId } = principal;
      const at = now();
      const used = usedUp.get(credentialId);
      const after = {
        letters: Math.max(used?.letters ?? 0, at) + millisecondsALetter,
        bytes: Math.max(used?.bytes ?? 0, at) + letter.body.length * millisecondsAByte,
      };
      const isPast =
        after.letters - at > deadLettersAtMost * millisecondsALetter ||
        after.bytes - at > deadLetterBytesAtMost * millisecondsAByte;
      if (isPast) return tally.count(credentialId, { connector: letter.format, apiKeyId: credentialId });
      usedUp.set(credentialId, after);
      await letters.keep(principal, letter);
    },
  };
}
