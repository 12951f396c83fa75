import { bulkResultDays } from '../domain/bulkAction/bulkAction.ts';
import { type Instant, plusMinutes } from '../domain/instant.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import { compareRows, type Difference } from '../store/compareRows.ts';
import { ExpectedRows } from '../store/expectedRows.ts';
import type { LedgerRow, LedgerSource } from '../store/ledgerSource.ts';
import { rowsOf } from '../store/projection.ts';
import type { BulkActionEvidence } from '../store/read/bulkActionEvidence.ts';
import { mutesDigestOf, resultsDigestOf, targetsDigestOf } from './bulkDigests.ts';

type Row = Readonly<Record<string, unknown>>;

/** Differences of an organization that are noted; what comes after them is not looked at. */
const differencesAtMost = 100;
/** Bulk actions of one page, by id. */
const pageSize = 500;
const lowestId = '00000000-0000-0000-0000-000000000000';
const dayMinutes = 24 * 60;

const types: ReadonlySet<string> = new Set([
  'INCIDENT_BULK_ACTION_STARTED',
  'INCIDENT_BULK_ACTION_CANCELLED',
  'INCIDENT_BULK_ACTION_FINISHED',
]);

/**
 * Compares what the bulk actions of an organization left beside the ledger with what its events say: each action's row,
 * its targets and what they came to by the digests of its start and end, and what it muted. Holds the actions that
 * run at the event it has come to, one action's targets, and at most {@link differencesAtMost} differences.
 */
export class BulkActionCheck {
  readonly differences: Difference[] = [];
  readonly #source: LedgerSource;
  readonly #organizationId: string;
  readonly #now: Instant;
  /** What the events so far make of the actions that run there, by id. */
  readonly #running = new Map<string, ExpectedRows>();

  constructor(source: LedgerSource, organizationId: string, now: Instant) {
    this.#source = source;
    this.#organizationId = organizationId;
    this.#now = now;
  }

  /** Takes in the next events of the ledger, and compares the actions that end with them. @throws when it cannot read. */
  async passed(rows: readonly LedgerRow[]): Promise<void> {
    for (const { type, body } of rows) {
      if (!types.has(type)) continue;
      const event = decodeBody(body);
      const { bulkActionId: id } = event.payload as { readonly bulkActionId: string };
      const expected = this.#running.get(id) ?? new ExpectedRows();
      expected.apply(rowsOf(event));
      this.#running.set(id, expected);
      if (type !== 'INCIDENT_BULK_ACTION_FINISHED') continue;
      this.#running.delete(id);
      if (!this.#hasRoom || (await this.#differencesOf(id, expected)).length === 0) continue;
      // It may have been swept between two of the reads; that happens once.
      this.note(await this.#differencesOf(id, expected));
    }
  }

  /**
   * What differs of the actions that run after the last event. There may be further events by now that tell why: only when
   * there are none it is to be noted.
   */
  async ofRunning(): Promise<readonly Difference[]> {
    const found: Difference[] = [];
    for (const [id, expected] of this.#running) found.push(...(await this.#differencesOf(id, expected)));
    return found;
  }

  /** Keeps differences, as far as there is room. */
  note(found: readonly Difference[]): void {
    this.differences.push(...found.slice(0, differencesAtMost - this.differences.length));
  }

  /** Looks for rows that no event tells of. */
  async end(): Promise<void> {
    for (let after: string | null = lowestId; after !== null && this.#hasRoom; ) {
      const { strays, next } = await this.#source.strayBulkActions(this.#organizationId, after, pageSize);
      this.note(strays.map(({ table, id }) => ({ table, key: id, problem: 'no event makes this row' })));
      after = next;
    }
  }

  get #hasRoom(): boolean {
    return this.differences.length < differencesAtMost;
  }

  async #differencesOf(id: string, made: ExpectedRows): Promise<readonly Difference[]> {
    const evidence = await this.#source.bulkAction(this.#organizationId, id);
    const expected = made.table('bulk_action');
    const stored = new Map<string, Row>(evidence === null ? [] : [[id, evidence.row]]);
    const differences = compareRows('bulk_action', expected, stored);
    const row = expected.get(id);
    if (evidence === null || row === undefined) return differences;
    const note = (table: string, problem: string | null) => {
      if (problem !== null) differences.push({ table, key: id, problem });
    };
    const sweptAt = evidence.row.results_swept_at as Instant | null;
    if (sweptAt === null) note('bulk_action_target', resultsProblem(row, evidence));
    else note('bulk_action_target', sweptProblem(row, evidence, sweptAt, this.#now));
    note('muted_target', mutesProblem(id, row, evidence));
    return differences;
  }
}

/** What is wrong with what the targets came to, or null. */
function resultsProblem(row: Row, { targets }: BulkActionEvidence): string | null {
  if (targetsDigestOf(targets.map(({ target }) => target)) !== row.targets_digest)
    return 'its targets are not those that its start says';
  if (row.results_digest !== null && resultsDigestOf(targets) !== row.results_digest)
    return 'what its targets came to is not what its end says';
  return null;
}

/** What is wrong with results that are said to be swept, or null. */
function sweptProblem(
  { finished_at: finishedAt }: Row,
  { targets }: BulkActionEvidence,
  sweptAt: Instant,
  now: Instant,
): string | null {
  if (targets.length > 0) return `it is marked as swept, and ${targets.length} targets are there`;
  const earliest =
    finishedAt == null ? null : plusMinutes(finishedAt as Instant, bulkResultDays * dayMinutes);
  // The clock of whoever verifies may be wrong by hours.
  if (earliest === null || sweptAt < earliest || sweptAt > plusMinutes(now, dayMinutes))
    return `it is marked as swept at ${sweptAt}, which is not its time`;
  return null;
}

/** What is wrong with what it muted and unmuted, or null. */
function mutesProblem(
  id: string,
  row: Row,
  { row: stored, targets, mutes }: BulkActionEvidence,
): string | null {
  if (row.mutes_digest !== null)
    return mutesDigestOf(id, mutes) === row.mutes_digest
      ? null
      : 'what was muted and unmuted, and when, is not what its end says';
  if (stored.results_swept_at !== null) return null;
  const succeeded = new Set(targets.flatMap(({ target, state }) => (state === 'SUCCEEDED' ? [target] : [])));
  return mutes.every(({ target }) => succeeded.has(target))
    ? null
    : 'a target was muted or unmuted without a result';
}
