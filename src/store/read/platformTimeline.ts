import type { IncidentSeverity, IncidentStatus } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import { CursorError } from './cursor.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';

/** An entry of the platform's timeline as it was approved for every organization to see. */
export interface PublishedEntry {
  /** Of the platform's incidents ledger. */
  readonly sequence: number;
  readonly number: number;
  readonly message: string;
  readonly title: string;
  readonly severity: IncidentSeverity;
  readonly status: IncidentStatus;
  readonly at: Instant;
  readonly approvedAt: Instant;
}

/** Where an entry stands in the platform's timeline. */
export function platformCursor({ sequence }: PublishedEntry): string {
  return String(sequence);
}

/** A page of what the platform organization shows to every other, newest first. @throws CursorError */
export async function platformTimeline(
  { database, organizationId }: ReadScope,
  window: Window,
): Promise<Slice<PublishedEntry>> {
  const rows = await database.asOrganization(
    organizationId,
    'SELECT * FROM warroom.platform_timeline($1::bigint, $2)',
    [window.after === null ? null : sequenceOf(window.after), window.size + 1],
  );
  const entries = rows.map(
    (row): PublishedEntry => ({
      sequence: Number(row.sequence),
      number: row.number as number,
      message: row.message as string,
      title: row.title as string,
      severity: row.severity as IncidentSeverity,
      status: row.status as IncidentStatus,
      at: row.at as Instant,
      approvedAt: row.approved_at as Instant,
    }),
  );
  return sliceOf(entries, window);
}

function sequenceOf(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new CursorError();
  return Number(cursor);
}
