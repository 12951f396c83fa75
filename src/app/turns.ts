/**
 * At most so many workers at once, first come first served. What is still waiting for its turn goes on gathering
 * commands, so that the busier the database is, the fuller the batches are.
 */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** `atOnce`: turns that may be taken at the same time. */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Null when it is one's turn at once, else resolves when it is; whoever took it must give it back. */
  take(): Promise<void> | null {
    if (this.#free === 0) return new Promise((resolve) => void this.#waiting.push(resolve));
    this.#free -= 1;
    return null;
  }

  /** Takes a turn if nobody else would have to wait for it; whoever took it must give it back. */
  takeSpare(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** The next one's turn. */
  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
