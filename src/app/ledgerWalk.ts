import type { LedgerHead, SignedHead } from '../domain/ledger/head.ts';
import type { Ledger } from '../domain/ledger/ledger.ts';
import { entryHash } from '../store/hash.ts';
import type { LedgerRow } from '../store/ledgerSource.ts';

/** A head as someone saved it: signed, or bare. */
export type SavedHead = Omit<SignedHead, 'signature' | 'keyId' | 'publicKey'> &
  Partial<Pick<SignedHead, 'signature' | 'keyId' | 'publicKey'>>;

const noHash = '0'.repeat(64);

/** What the chain must be like at the next row. Constant size, whatever the ledger's. */
interface Chain {
  readonly organizationId: string;
  readonly ledger: Ledger;
  sequence: number;
  hash: string;
  /** The highest INC number so far; a created incident takes the next. */
  number: number;
}

/** What is wrong with this row as the next one of the chain, or null. */
function problemOf(chain: Chain, row: LedgerRow): string | null {
  const expected = chain.sequence + 1;
  if (row.sequence !== expected) return `event ${expected} is missing`;
  if (row.previousHash !== chain.hash) return 'it does not follow from the event before it';
  const hash = entryHash({
    organizationId: chain.organizationId,
    ledger: chain.ledger,
    sequence: row.sequence,
    number: row.number,
    previousHash: row.previousHash,
    body: row.body,
  });
  if (hash !== row.hash) return 'its hash does not fit its contents';
  return columnProblem(chain, row);
}

/** Whether the columns say what the hashed body says; they are what filters and cursors read. */
function columnProblem(chain: Chain, row: LedgerRow): string | null {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(row.body) as Record<string, unknown>;
  } catch {
    return 'its body is not JSON';
  }
  const column = chain.ledger === 'INCIDENTS' ? incidentColumn(row, body) : administrationColumn(row, body);
  if (column !== null) return `column ${column} disagrees with its body`;
  if (chain.ledger === 'INCIDENTS' && row.type === 'INCIDENT_CREATED' && row.number !== chain.number + 1) {
    return `it takes incident number ${row.number} where ${chain.number + 1} is next`;
  }
  return null;
}

/** The first column of an incident's event that disagrees with its body, or null. */
function incidentColumn(row: LedgerRow, body: Record<string, unknown>): string | null {
  if (row.type !== body.type) return 'type';
  if (row.incidentId !== body.incident) return 'incident_id';
  if (row.version !== body.version) return 'version';
  if (row.commandId !== body.commandId) return 'command_id';
  if (row.at !== body.at) return 'at';
  if (row.isPublic !== body.isPublic) return 'is_public';
  return row.severity === body.severity ? null : 'severity';
}

/** The same for an event of administration, which has no incident. */
function administrationColumn(row: LedgerRow, body: Record<string, unknown>): string | null {
  if (row.type !== body.type) return 'type';
  if (row.incidentId !== null) return 'incident_id';
  if (row.version !== null) return 'version';
  if (row.number !== 0) return 'number';
  if (row.commandId !== body.commandId) return 'command_id';
  if (row.at !== body.at) return 'at';
  if (row.isPublic !== false) return 'is_public';
  return row.severity === null ? null : 'severity';
}

/** Follows one ledger from its first event to its last, comparing what heads said on the way. */
export class LedgerWalk {
  readonly chain: Chain;
  readonly #head: LedgerHead;
  readonly #saved: SavedHead[];
  #headSeen: boolean;

  constructor(
    { organizationId, ledger }: { readonly organizationId: string; readonly ledger: Ledger },
    head: LedgerHead,
    saved: readonly SavedHead[],
  ) {
    this.chain = { organizationId, ledger, sequence: 0, hash: noHash, number: 0 };
    this.#head = head;
    this.#headSeen = head.sequence === 0;
    this.#saved = [...saved].sort((a, b) => a.sequence - b.sequence);
  }

  /** What is wrong with the next row, or null: then the chain goes on from it. */
  problemOf(row: LedgerRow): string | null {
    const problem = problemOf(this.chain, row);
    if (problem !== null) return problem;
    this.chain.sequence = row.sequence;
    this.chain.hash = row.hash;
    this.chain.number = Math.max(this.chain.number, row.number);
    if (row.sequence === this.#head.sequence) {
      this.#headSeen = true;
      if (row.hash !== this.#head.hash) return 'the head names another hash';
    }
    while (this.#saved[0] !== undefined && this.#saved[0].sequence <= row.sequence) {
      const kept = this.#saved.shift();
      if (kept?.sequence === row.sequence && kept.hash !== row.hash)
        return 'the saved head names another hash: the ledger was rewritten';
    }
    return null;
  }

  /** What is missing after the last row, or null. */
  missing(): string | null {
    const { sequence } = this.chain;
    if (!this.#headSeen) return `the ledger ends at ${sequence}, its head says ${this.#head.sequence}`;
    const cut = this.#saved.find((kept) => kept.sequence > sequence);
    return cut === undefined
      ? null
      : `the ledger ends at ${sequence}, the saved head is ${cut.sequence}: its tail was cut`;
  }
}

/** The first thing wrong in a page, or null: then the walk has passed it. */
export function firstProblem(
  walk: LedgerWalk,
  rows: readonly LedgerRow[],
): { readonly sequence: number; readonly problem: string } | null {
  for (const row of rows) {
    const next = walk.chain.sequence + 1;
    const problem = walk.problemOf(row);
    if (problem !== null) return { sequence: Math.min(row.sequence, next), problem };
  }
  return null;
}
