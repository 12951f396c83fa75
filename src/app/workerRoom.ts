import type { FeedInbox } from '../feed/entry.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../store/clock.ts';
import type { WriteStore } from '../store/port.ts';
import type { QueueLimits } from './limits.ts';
import type { Remembered } from './remembered.ts';
import type { Turns } from './turns.ts';

/** What a worker works with. */
export interface WorkerRoom {
  readonly store: WriteStore;
  readonly clock: Clock;
  readonly inbox: FeedInbox;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly limits: QueueLimits;
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Told of the earliest instant a batch just committed has planned. */
  readonly wake: (at: string) => void;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** Of the workers of all organizations. */
  readonly turns: Turns;
  /** Of all organizations. */
  readonly remembered: Remembered;
  /** Answers being read back from the ledger: no worker waits for them, only who drains. */
  readonly rebuilding: Set<Promise<void>>;
}
