import type { AccessEntry } from '../domain/access/accessEntry.ts';
import { OverloadedError } from './answer.ts';

/** The bounds of the access log's way in. */
export interface AccessLogLimits {
  /** Entries of one organization that may wait: 10,000. */
  readonly waiting: number;
  /** Entries of one statement: 500. */
  readonly together: number;
  /** Milliseconds an operation waits for its entries to be durable: 5,000. */
  readonly waitMilliseconds: number;
}

const defaultLimits: AccessLogLimits = { waiting: 10_000, together: 500, waitMilliseconds: 5_000 };

/** What the access log writes to, and whom it tells. */
export interface AccessLogOptions {
  /** Resolves once the entries are durable. */
  write(organizationId: string, entries: readonly AccessEntry[]): Promise<void>;
  /** Told why entries could not be written. */
  onError(error: unknown): void;
  readonly limits?: Partial<AccessLogLimits>;
}

/** The access log's way in. */
export interface AccessLog {
  /**
   * Resolves once the entries of one operation, all of one organization, are durable.
   * @throws OverloadedError when they cannot be written now; nothing may be carried out then.
   */
  record(organizationId: string, entries: readonly AccessEntry[]): Promise<void>;
}

interface Waiting {
  readonly entries: readonly AccessEntry[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gathers the entries of operations that ask at the same time: one statement of an organization is under way at a
 * time, and what comes meanwhile shares the next one.
 */
export function createAccessLog(options: AccessLogOptions): AccessLog {
  const limits = { ...defaultLimits, ...options.limits };
  const lanes = new Map<string, { waiting: Waiting[]; count: number }>();

  const work = async (organizationId: string, lane: { waiting: Waiting[]; count: number }): Promise<void> => {
    while (lane.waiting.length > 0) {
      const batch = takeFrom(lane.waiting, limits.together);
      lane.count -= entriesOf(batch).length;
      try {
        await options.write(organizationId, entriesOf(batch));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        options.onError(error);
        for (const { reject } of batch) reject(new OverloadedError(1));
      }
    }
    lanes.delete(organizationId);
  };

  return {
    record(organizationId, entries) {
      let lane = lanes.get(organizationId);
      if ((lane?.count ?? 0) + entries.length > limits.waiting) return Promise.reject(new OverloadedError(1));
      const durable = new Promise<void>((resolve, reject) => {
        const isNew = lane === undefined;
        lane ??= { waiting: [], count: 0 };
        lane.waiting.push({ entries, resolve, reject });
        lane.count += entries.length;
        if (!isNew) return;
        lanes.set(organizationId, lane);
        void work(organizationId, lane);
      });
      return within(limits.waitMilliseconds, durable);
    },
  };
}

/** From the front, as many as go into one statement; at least one. */
function takeFrom(waiting: Waiting[], together: number): Waiting[] {
  let count = 0;
  let size = 0;
  for (const { entries } of waiting) {
    if (size > 0 && count + entries.length > together) break;
    count += entries.length;
    size += 1;
  }
  return waiting.splice(0, size);
}

function entriesOf(batch: readonly Waiting[]): readonly AccessEntry[] {
  return batch.flatMap(({ entries }) => entries);
}

/** Written later all the same, it says of an operation that was refused that it was allowed: never the other way. */
function within(milliseconds: number, durable: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new OverloadedError(2)), milliseconds);
    durable.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
