import type { IncidentState } from '../domain/incident/state.ts';
import type { FeedEntry } from './entry.ts';

interface Held {
  readonly entry: FeedEntry;
  readonly weight: number;
}

/** Recent entries of one ledger, or runs: in order, none between them left out; the oldest leave first. Pure memory. */
export interface Ring {
  /** Sequence of the newest entry, or where it was started when it holds none. */
  readonly last: number;
  /** Everything after this sequence, up to `last`, is held. */
  readonly floor: number;
  /** Entries held. */
  readonly size: number;
  /** Bytes held, as `weightOf` counts them. */
  readonly bytes: number;
  /** Adds the next entry. @throws Error when it is not after `last`. */
  push(entry: FeedEntry, weight: number): void;
  /** Entries after `after`, at most `limit`; null when some of them have left already. */
  after(after: number, limit: number): readonly FeedEntry[] | null;
  /** The incident as this version left it; null when it is not held. */
  stateAt(incidentId: string, version: number): IncidentState | null;
  /** Drops the oldest entry. */
  shift(): void;
}

/** An empty ring whose first entry will be `start + 1`. */
export function createRing(
  start: number,
  bounds: { readonly entries: number; readonly bytes: number },
): Ring {
  // A circle would save nothing: `offset` makes shifting free, and the array is compacted once half of it is air.
  let held: (Held | undefined)[] = [];
  let [offset, bytes] = [0, 0];
  let [last, floor] = [start, start];

  const shift = (): void => {
    const oldest = held[offset];
    if (oldest === undefined) return;
    held[offset] = undefined;
    offset += 1;
    floor = oldest.entry.entry.sequence;
    bytes -= oldest.weight;
    if (offset > 64 && offset * 2 > held.length) {
      held = held.slice(offset);
      offset = 0;
    }
  };

  return {
    get last() {
      return last;
    },
    get floor() {
      return floor;
    },
    get size() {
      return held.length - offset;
    },
    get bytes() {
      return bytes;
    },
    push(entry, weight) {
      const { sequence } = entry.entry;
      if (sequence <= last) throw new Error(`The ring is at ${last}; ${sequence} is not the next entry.`);
      last = sequence;
      held.push({ entry, weight });
      bytes += weight;
      while (held.length - offset > bounds.entries || (bytes > bounds.bytes && held.length > offset)) shift();
    },
    after(after, limit) {
      if (after < floor) return null;
      const from = firstAfter(held, { offset, last, floor }, after);
      return held.slice(from, from + limit).map((item) => (item as Held).entry);
    },
    stateAt(incidentId, version) {
      for (let index = held.length - 1; index >= offset; index -= 1) {
        const { entry, after } = (held[index] as Held).entry;
        if (entry.ledger === 'RUNS') continue;
        if (entry.incidentId === incidentId && entry.version === version) return after?.state ?? null;
      }
      return null;
    },
    shift,
  };
}

/** Where the first entry after this sequence is held; `offset` is where the oldest is. */
function firstAfter(
  held: readonly (Held | undefined)[],
  { offset, last, floor }: { readonly offset: number; readonly last: number; readonly floor: number },
  after: number,
): number {
  // Without a gap, as ledgers are, the first guess is right; nearly always what is asked for is the newest.
  const guess = held.length - (last - after);
  const before = held[guess - 1]?.entry.entry.sequence ?? floor;
  if (guess >= offset && before === after) return guess;
  let from = offset;
  let to = held.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((held[middle] as Held).entry.entry.sequence <= after) from = middle + 1;
    else to = middle;
  }
  return from;
}
