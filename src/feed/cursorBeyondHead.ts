import type { Ledger } from '../domain/ledger/ledger.ts';

/** The cursor is past the end of the ledger: it cannot be from this organization and database. */
export class CursorBeyondHeadError extends Error {
  readonly code = 'CURSOR_BEYOND_HEAD';
  readonly ledger: Ledger;
  readonly after: number;
  /** The ledger's last sequence when it was asked. */
  readonly head: number;
  constructor(ledger: Ledger, after: number, head: number) {
    super(
      `The cursor ${after} is past the end of the ledger, which is at ${head}. Read ledgerHead and resume from there.`,
    );
    this.ledger = ledger;
    this.after = after;
    this.head = head;
  }
}
