/** Bytes of results that all groups of the process keep together. */
export interface ResultBudget {
  free: number;
}

/** The serialized results of a group's latest events, so that those who come back together are served together. */
export interface RecentResults {
  get(sequence: number): Buffer | undefined;
  /** Keeps it if there is room; the one kept longest leaves first. */
  set(sequence: number, payload: Buffer): void;
  clear(): void;
}

/** A group keeps at most this many results, and this many bytes of them. */
const most = { results: 256, bytes: 262_144 };

/**
 * Milliseconds a result may be given to others. Names, and an incident as it is now, are part of it: those who come back
 * together are served together, and who comes later is told what holds then.
 */
const sharedFor = 2_000;

/** An empty memory of results that takes its room from `budget`. */
export function createRecentResults(
  budget: ResultBudget,
  monotonic: () => number = () => performance.now(),
): RecentResults {
  const kept = new Map<number, { readonly payload: Buffer; readonly madeAt: number }>();
  let bytes = 0;

  const drop = (sequence: number, payload: Buffer): void => {
    kept.delete(sequence);
    bytes -= payload.length;
    budget.free += payload.length;
  };

  return {
    get(sequence) {
      const found = kept.get(sequence);
      if (found === undefined) return undefined;
      if (monotonic() - found.madeAt <= sharedFor) return found.payload;
      drop(sequence, found.payload);
      return undefined;
    },
    set(sequence, payload) {
      if (kept.has(sequence) || payload.length > most.bytes / 4) return;
      for (const [oldest, { payload: old }] of kept) {
        if (kept.size < most.results && bytes + payload.length <= most.bytes) break;
        drop(oldest, old);
      }
      if (payload.length > budget.free) return;
      kept.set(sequence, { payload, madeAt: monotonic() });
      bytes += payload.length;
      budget.free -= payload.length;
    },
    clear() {
      for (const [sequence, { payload }] of kept) drop(sequence, payload);
    },
  };
}
