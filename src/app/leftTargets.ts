import type { BulkTargetRow } from '../store/read/bulkActions.ts';

/** Targets of a bulk action that are not begun, after an ordinal: some of them, none when there are no more. */
export type ReadTargets = (after: BulkTargetRow | null) => Promise<readonly BulkTargetRow[]>;

/** What is left of a bulk action, each target once, in order; a page of it in memory at a time. */
export class LeftTargets {
  readonly #read: ReadTargets | null;
  readonly #page: BulkTargetRow[];
  #last: BulkTargetRow | null = null;
  #isWhole: boolean;
  #reading: Promise<void> | null = null;

  /** `begun` come first; then what `read` answers, page by page, if anything else is to be done. */
  constructor(begun: readonly BulkTargetRow[], read: ReadTargets | null) {
    this.#page = [...begun];
    this.#read = read;
    this.#isWhole = read === null;
  }

  /** The next one; null when there is none any more. @throws the database's error. */
  async next(): Promise<BulkTargetRow | null> {
    while (this.#page.length === 0 && !this.#isWhole) {
      this.#reading ??= this.#readOn().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
    return this.#page.shift() ?? null;
  }

  async #readOn(): Promise<void> {
    const page = (await this.#read?.(this.#last)) ?? [];
    this.#last = page.at(-1) ?? null;
    this.#isWhole = page.length === 0;
    this.#page.push(...page);
  }
}
