import type { Followed } from './entry.ts';

/** The cursor is past the end of what is followed: it cannot be from this organization and database. */
export class CursorBeyondHeadError extends Error {
  readonly code = 'CURSOR_BEYOND_HEAD';
  readonly ledger: Followed;
  readonly after: number;
  /** The last sequence when it was asked. */
  readonly head: number;
  constructor(ledger: Followed, after: number, head: number) {
    const [whole, field] = ledger === 'RUNS' ? ['runs', 'runsHead'] : ['ledger', 'ledgerHead'];
    super(
      `The cursor ${after} is past the end of the ${whole}, at ${head}. Read ${field} and resume from there.`,
    );
    this.ledger = ledger;
    this.after = after;
    this.head = head;
  }
}
