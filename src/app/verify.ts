import { platform } from '../domain/administration/platform.ts';
import type { LedgerHead, SignedHead } from '../domain/ledger/head.ts';
import { type Ledger, ledgers } from '../domain/ledger/ledger.ts';
import type { Difference } from '../store/compareRows.ts';
import { entryHash } from '../store/hash.ts';
import { isSignatureValid } from '../store/headSigner.ts';
import type { LedgerRow, LedgerSource } from '../store/ledgerSource.ts';

/** What was found wrong, first in its ledger. */
export interface Tampering {
  readonly organization: string;
  readonly ledger: Ledger;
  /** The first sequence that cannot be trusted. */
  readonly sequence: number;
  /** What is wrong with it, as a sentence. */
  readonly problem: string;
}

/** The result of a verification. */
export interface VerifyReport {
  readonly organizations: number;
  readonly events: number;
  /** At most one a ledger: the first. Empty: everything is as it was written. */
  readonly tampering: readonly Tampering[];
  /** Where the table of who is a superadmin says something else than a ledger that is as it was written. */
  readonly differences: readonly Difference[];
}

/** What to verify, against what. */
export interface VerifyOptions {
  readonly source: LedgerSource;
  /** Heads saved earlier; each must still lie on its chain. Signed ones must have a valid signature. */
  readonly savedHeads?: readonly SavedHead[];
  /** The key ids accepted on saved heads; any valid signature when absent. */
  readonly trustedKeyIds?: readonly string[];
  /** Only this organization, by slug. */
  readonly organization?: string;
  /** Called after every page with the events checked so far and the number there is to check. */
  onProgress?(checked: number, total: number): void;
}

/** A head as someone saved it: signed, or bare. */
export type SavedHead = Omit<SignedHead, 'signature' | 'keyId' | 'publicKey'> &
  Partial<Pick<SignedHead, 'signature' | 'keyId' | 'publicKey'>>;

// A body may be 200 KB: a page stays under 100 MB whatever it holds, and there are two at most.
const pageSize = 500;
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

/** What is wrong with a saved head by itself, or null. */
function savedHeadProblem(head: SavedHead, trusted: readonly string[] | undefined): string | null {
  if (head.signature === undefined || head.keyId === undefined || head.publicKey === undefined) {
    return trusted === undefined ? null : 'the saved head is not signed';
  }
  const signed: SignedHead = {
    ...head,
    signature: head.signature,
    keyId: head.keyId,
    publicKey: head.publicKey,
  };
  if (!isSignatureValid(signed)) return 'the signature of the saved head does not hold';
  if (trusted !== undefined && !trusted.includes(head.keyId))
    return `the saved head is signed by ${head.keyId}, which is not trusted`;
  return null;
}

interface LedgerTask {
  readonly organizationId: string;
  readonly slug: string;
  readonly ledger: Ledger;
  readonly total: number;
}

/** Follows one ledger from its first event to its last, comparing what heads said on the way. */
class Walk {
  readonly chain: Chain;
  readonly #head: LedgerHead;
  readonly #saved: SavedHead[];
  #headSeen: boolean;

  constructor(task: LedgerTask, head: LedgerHead, saved: readonly SavedHead[]) {
    const { organizationId, ledger } = task;
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
function firstProblem(
  walk: Walk,
  rows: readonly LedgerRow[],
): { readonly sequence: number; readonly problem: string } | null {
  for (const row of rows) {
    const next = walk.chain.sequence + 1;
    const problem = walk.problemOf(row);
    if (problem !== null) return { sequence: Math.min(row.sequence, next), problem };
  }
  return null;
}

/** Checks one ledger from its first event; answers the first thing wrong, or null. */
async function verifyLedger(
  task: LedgerTask,
  options: VerifyOptions,
  progress: (events: number) => void,
): Promise<Tampering | null> {
  const { organizationId, slug, ledger } = task;
  const found = (sequence: number, problem: string): Tampering => ({
    organization: slug,
    ledger,
    sequence,
    problem,
  });
  const saved = (options.savedHeads ?? []).filter(
    (head) => head.organizationId === organizationId && head.ledger === ledger,
  );
  for (const head of saved) {
    const problem = savedHeadProblem(head, options.trustedKeyIds);
    if (problem !== null) return found(head.sequence, problem);
  }
  // The head is read before the rows: whatever is appended meanwhile lies after it and is checked all the same.
  const head = await options.source.head(organizationId, ledger);
  if (head === null) return found(1, 'the ledger has no head');
  const walk = new Walk(task, head, saved);
  const read = (after: number) => options.source.rows(organizationId, ledger, after, pageSize);
  for (let rows = await read(0); ; ) {
    // The next page is read while this one is checked.
    const ahead = rows.length === pageSize ? read(rows.at(-1)?.sequence ?? 0) : null;
    const problem = firstProblem(walk, rows);
    if (problem !== null) {
      await ahead?.catch(() => undefined);
      return found(problem.sequence, problem.problem);
    }
    progress(rows.length);
    if (ahead === null) break;
    rows = await ahead;
  }
  const missing = walk.missing();
  if (missing !== null) return found(walk.chain.sequence + 1, missing);
  // A commit moves the head together with its events, so a head read after them names the last of them or a later one.
  const last = await options.source.head(organizationId, ledger);
  const end = last?.sequence ?? 0;
  return end >= walk.chain.sequence ? null : found(end + 1, `it lies beyond the head, which says ${end}`);
}

/**
 * Verifies every ledger of every organization, streaming: memory does not grow with the ledgers.
 * @throws Error when the source cannot be read, or names no such organization.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const all = await options.source.organizations();
  const organizations = all.filter(
    ({ slug }) => options.organization === undefined || slug === options.organization,
  );
  if (options.organization !== undefined && organizations.length === 0)
    throw new Error(`There is no organization ${options.organization}.`);
  const tampering: Tampering[] = [];
  const known = new Set(all.map(({ id }) => id));
  for (const head of options.savedHeads ?? []) {
    if (!known.has(head.organizationId))
      tampering.push({
        organization: head.organizationId,
        ledger: head.ledger,
        sequence: 1,
        problem: 'the saved head is of an organization that is gone',
      });
  }
  const tasks: LedgerTask[] = [];
  for (const { id, slug } of organizations) {
    for (const ledger of ledgers) {
      const head = await options.source.head(id, ledger);
      tasks.push({ organizationId: id, slug, ledger, total: head?.sequence ?? 0 });
    }
  }
  const total = tasks.reduce((sum, task) => sum + task.total, 0);
  let events = 0;
  for (const task of tasks) {
    const problem = await verifyLedger(task, options, (count) => {
      events += count;
      options.onProgress?.(events, Math.max(total, events));
    });
    if (problem !== null) tampering.push(problem);
  }
  // What a forged ledger would make of the table says nothing.
  const isPlatformSound = !tampering.some(({ organization }) => organization === platform.slug);
  const isPlatformWanted = organizations.some(({ id }) => id === platform.organizationId);
  const differences = isPlatformSound && isPlatformWanted ? await options.source.superadminDifferences() : [];
  return { organizations: organizations.length, events, tampering, differences };
}
