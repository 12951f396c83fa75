/** The bounds of the way in. Every one has a default; tests and operators may tighten them. */
export interface QueueLimits {
  /** Commands of one organization that may wait: 10,000. One more is OVERLOADED. */
  readonly waiting: number;
  /** Bytes (UTF-16 units of their long texts) of one organization that may wait: 64 Mi. */
  readonly waitingUnits: number;
  /** Milliseconds a command may wait before it is taken: 10,000. */
  readonly waitMilliseconds: number;
  /** Commands decided and committed together: 64. */
  readonly batch: number;
  /** Signals that must wait for the next batch to be read while one is being committed: 8; fewer gather for longer. */
  readonly aheadFrom: number;
  /** Places of a batch that waiting signals get even when people and timers would fill it: 8. */
  readonly signalShare: number;
  /** Names, fingerprints and ids one batch may look up: 4,000 (one load takes 5,000 of a kind). */
  readonly batchLookups: number;
  /** Long text one batch may carry, in UTF-16 units: 4 Mi, unless a single command has more. */
  readonly batchUnits: number;
  /** Batches under way at the same time, of all organizations: 8, so that reads find a connection of the pool's 10. */
  readonly batchesAtOnce: number;
  /** Milliseconds after being taken in which a command overtaken by others is decided again: 5,000. */
  readonly decideMilliseconds: number;
}

/** Source: architecture.md, One way in. */
export const queueLimits: QueueLimits = {
  waiting: 10_000,
  waitingUnits: 64 * 1_048_576,
  waitMilliseconds: 10_000,
  batch: 64,
  aheadFrom: 8,
  signalShare: 8,
  batchLookups: 4_000,
  batchUnits: 4 * 1_048_576,
  batchesAtOnce: 8,
  decideMilliseconds: 5_000,
};
