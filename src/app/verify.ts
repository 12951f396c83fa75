import { platform } from '../domain/administration/platform.ts';
import type { Instant } from '../domain/instant.ts';
import type { SignedHead } from '../domain/ledger/head.ts';
import { type Ledger, ledgers } from '../domain/ledger/ledger.ts';
import type { Difference } from '../store/compareRows.ts';
import { isSignatureValid } from '../store/headSigner.ts';
import type { LedgerSource } from '../store/ledgerSource.ts';
import { BulkActionCheck } from './bulkActionCheck.ts';
import { firstProblem, LedgerWalk, type SavedHead } from './ledgerWalk.ts';

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
  /**
   * Where the table of who is a superadmin, or what bulk actions left, says something else than a ledger that is as it was
   * written; of bulk actions at most 100 an organization.
   */
  readonly differences: readonly OwnDifference[];
}

/** A difference of an organization, by slug. */
interface OwnDifference extends Difference {
  readonly organization: string;
}

/** What to verify, against what. */
export interface VerifyOptions {
  readonly source: LedgerSource;
  /** What time it is, to within a day: nothing can have been swept later. */
  readonly now: Instant;
  /** Heads saved earlier; each must still lie on its chain. Signed ones must have a valid signature. */
  readonly savedHeads?: readonly SavedHead[];
  /** The key ids accepted on saved heads; any valid signature when absent. */
  readonly trustedKeyIds?: readonly string[];
  /** Only this organization, by slug. */
  readonly organization?: string;
  /** Called after every page with the events checked so far and the number there is to check. */
  onProgress?(checked: number, total: number): void;
}

// A body may be 200 KB: a page stays under 100 MB whatever it holds, and there are two at most.
const pageSize = 500;
/** Pages that are read beyond the end of a ledger that grows meanwhile. */
const furtherPages = 100;

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

/** Checks one ledger from its first event; answers the first thing wrong, or null. */
async function verifyLedger(
  task: LedgerTask,
  options: VerifyOptions,
  progress: (events: number) => void,
  bulk: BulkActionCheck,
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
  const walk = new LedgerWalk(task, head, saved);
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
    await bulk.passed(rows);
    if (ahead === null) break;
    rows = await ahead;
  }
  const missing = walk.missing();
  if (missing !== null) return found(walk.chain.sequence + 1, missing);
  // A commit moves the head together with its events, so a head read after them names the last of them or a later one.
  const last = await options.source.head(organizationId, ledger);
  const end = last?.sequence ?? 0;
  if (end < walk.chain.sequence) return found(end + 1, `it lies beyond the head, which says ${end}`);
  const problem = await followBulkActions(walk, bulk, read);
  return problem === null ? null : found(problem.sequence, problem.problem);
}

/** Goes on with events that were written meanwhile as long as a bulk action has gone on with them, a few pages. */
async function followBulkActions(
  walk: LedgerWalk,
  bulk: BulkActionCheck,
  read: (after: number) => ReturnType<LedgerSource['rows']>,
): Promise<ReturnType<typeof firstProblem>> {
  for (let pages = 0; ; pages += 1) {
    const differences = await bulk.ofRunning();
    if (differences.length === 0) return null;
    const rows = pages < furtherPages ? await read(walk.chain.sequence) : [];
    if (rows.length === 0) {
      bulk.note(differences);
      return null;
    }
    const problem = firstProblem(walk, rows);
    if (problem !== null) return problem;
    await bulk.passed(rows);
  }
}

async function differencesOf(bulk: BulkActionCheck, { slug }: LedgerTask): Promise<OwnDifference[]> {
  await bulk.end();
  return bulk.differences.map((one) => ({ organization: slug, ...one }));
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
  const progress = (count: number): void => {
    events += count;
    options.onProgress?.(events, Math.max(total, events));
  };
  const differences: OwnDifference[] = [];
  for (const task of tasks) {
    const bulk = new BulkActionCheck(options.source, task.organizationId, options.now);
    const problem = await verifyLedger(task, options, progress, bulk);
    // What a forged ledger would make of its tables says nothing.
    if (problem !== null) tampering.push(problem);
    else if (task.ledger === 'INCIDENTS') differences.push(...(await differencesOf(bulk, task)));
  }
  const isPlatformSound = !tampering.some(({ organization }) => organization === platform.slug);
  const isPlatformWanted = organizations.some(({ id }) => id === platform.organizationId);
  if (isPlatformSound && isPlatformWanted) {
    const ofSuperadmins = await options.source.superadminDifferences();
    differences.push(...ofSuperadmins.map((one) => ({ organization: platform.slug, ...one })));
  }
  return { organizations: organizations.length, events, tampering, differences };
}
