/** What a scheduler calls, and what it tells time by. */
export interface SchedulerOptions {
  /** The one clock, as ISO-8601 UTC text with milliseconds; it may be corrected backwards or jump. */
  readonly now: () => string;
  /**
   * Does what is due and answers the next instant at which something will be, null when nothing is known. It is never
   * called twice at a time. What it throws goes to `onError` and is tried again after `longestSleepMilliseconds`.
   */
  readonly run: () => Promise<string | null>;
  readonly onError: (error: unknown) => void;
  /** The longest it sleeps, in milliseconds: 1,000 unless given. Others may plan what it was never told of. */
  readonly longestSleepMilliseconds?: number;
  /** Calls back after so many milliseconds, and answers how to cancel; for tests. */
  readonly startTimer?: (callback: () => void, milliseconds: number) => () => void;
}

/** Sleeps until the next instant it was told of, wakes, and calls what it was given. */
export interface Scheduler {
  /** Begins; the first run is at once. Does nothing when it runs already. */
  start(): void;
  /** Ends the sleep, takes no new run, and resolves when the one under way has ended. */
  stop(): Promise<void>;
  /** Something is due at this instant: it does not sleep past it. */
  wake(at: string): void;
  /** One run now, whether started or not; joins the one under way if there is one. Never rejects. */
  tick(): Promise<void>;
  readonly isRunning: boolean;
  /** When the latest run that did not throw began; null before the first. */
  readonly lastTickAt: string | null;
}

const defaultLongestSleep = 1_000;

/** Makes a scheduler, not yet started. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  return new SleepingScheduler(options);
}

class SleepingScheduler implements Scheduler {
  readonly #options: SchedulerOptions;
  readonly #longestSleep: number;
  readonly #startTimer: NonNullable<SchedulerOptions['startTimer']>;
  #running = false;
  #lastTickAt: string | null = null;
  #underWay: Promise<void> | null = null;
  /** The earliest instant it knows of: what the last run answered, or what it was told of since. */
  #wakeAt: string | null = null;
  #cancelSleep: (() => void) | null = null;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#longestSleep = options.longestSleepMilliseconds ?? defaultLongestSleep;
    this.#startTimer = options.startTimer ?? startTimer;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get lastTickAt(): string | null {
    return this.#lastTickAt;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.tick();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#endSleep();
    await this.#underWay;
  }

  wake(at: string): void {
    if (this.#wakeAt !== null && this.#wakeAt < at) return;
    this.#wakeAt = at;
    // During a run its end looks at the instant; asleep, the sleep is made shorter, never longer.
    const sleeps = this.#cancelSleep !== null;
    if (sleeps && this.#millisecondsUntil(at) < this.#longestSleep) this.#sleepUntil(at);
  }

  tick(): Promise<void> {
    this.#underWay ??= this.#run().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #run(): Promise<void> {
    this.#endSleep();
    this.#wakeAt = null;
    const startedAt = this.#options.now();
    let next: string | null = null;
    try {
      next = await this.#options.run();
      this.#lastTickAt = startedAt;
    } catch (error) {
      this.#options.onError(error);
    }
    this.#wakeAt = earlier(next, this.#wakeAt);
    if (this.#running) this.#sleepUntil(this.#wakeAt);
  }

  /** The length of a sleep is bounded, so a clock that is corrected costs at most one. */
  #sleepUntil(at: string | null): void {
    this.#endSleep();
    const until = at === null ? Infinity : this.#millisecondsUntil(at);
    const milliseconds = Math.max(0, Math.min(until, this.#longestSleep));
    this.#cancelSleep = this.#startTimer(() => {
      this.#cancelSleep = null;
      void this.tick();
    }, milliseconds);
  }

  #millisecondsUntil(at: string): number {
    return Date.parse(at) - Date.parse(this.#options.now());
  }

  #endSleep(): void {
    this.#cancelSleep?.();
    this.#cancelSleep = null;
  }
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function startTimer(callback: () => void, milliseconds: number): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}
