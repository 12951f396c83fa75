import type { IncidentEntry } from '../../domain/ledger/ledger.ts';
import { CursorError } from './cursor.ts';
import { entryColumns, ledgerEntryOf, parsedEntry } from './ledgerEntry.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { emptySlice, type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';
import { type TypeFilter, typeCondition } from './typeFilter.ts';

/** An entry as a timeline shows it: with its visibility of now, which a later entry may have changed. */
export interface ShownEntry {
  readonly entry: IncidentEntry;
  readonly isPublic: boolean;
}

/** Which entries of a timeline are wanted. */
export interface TimelineFilter {
  /** All when null. */
  readonly types: TypeFilter | null;
  /** Only those that are public now. */
  readonly publicOnly: boolean;
}

/** The cursor of an entry in its incident's timeline. */
export function timelineCursor(shown: ShownEntry): string {
  return String(shown.entry.version);
}

/** An entry's visibility of now, of `ledger_event` as `e` and `timeline_visibility` as `v`. */
export const visibleNow = 'coalesce(v.is_public, e.is_public)';

/** The join that {@link visibleNow} needs. */
export const visibilityJoin = `LEFT JOIN warroom.timeline_visibility v
  ON v.organization_id = e.organization_id AND v.sequence = e.sequence`;

/**
 * The same page of the timelines of many incidents, by version, in one statement.
 * @throws CursorError when a cursor is not a version.
 */
export async function incidentTimelines(
  scope: ReadScope,
  incidentIds: readonly string[],
  window: Window,
  filter: TimelineFilter,
): Promise<Slice<ShownEntry>[]> {
  const statement = new Statement();
  const organization = statement.value(scope.organizationId);
  const ids = statement.value([...new Set(incidentIds)]);
  const conditions = [`e.organization_id = ${organization}`, 'e.incident_id = asked.id'];
  if (window.after !== null) conditions.push(`e.version > ${statement.value(versionOf(window.after))}`);
  if (window.before !== null) conditions.push(`e.version < ${statement.value(versionOf(window.before))}`);
  if (filter.types) conditions.push(typeCondition(filter.types, statement));
  if (filter.publicOnly) conditions.push(visibleNow);
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT page.* FROM unnest(${ids}::uuid[]) AS asked(id) CROSS JOIN LATERAL (
       SELECT ${entryColumns}, ${visibleNow} AS visible_now FROM warroom.ledger_event e ${visibilityJoin}
       WHERE ${conditions.join(' AND ')}
       ORDER BY e.version ${window.backward ? 'DESC' : 'ASC'} LIMIT ${statement.value(window.size + 1)}
     ) page`,
    statement.parameters,
  );
  const byIncident = new Map<string, ShownEntry[]>();
  for (const row of rows) {
    const shown = shownEntryOf(row);
    const list = byIncident.get(shown.entry.incidentId);
    if (list) list.push(shown);
    else byIncident.set(shown.entry.incidentId, [shown]);
  }
  return inOrder(incidentIds, byIncident).map((list) => (list ? sliceOf(list, window) : emptySlice));
}

/** A row with the columns of an entry and `visible_now`. */
export function shownEntryOf(row: Parameters<typeof ledgerEntryOf>[0]): ShownEntry {
  return { entry: parsedEntry(ledgerEntryOf(row)) as IncidentEntry, isPublic: row.visible_now as boolean };
}

function versionOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new CursorError();
  return Number(cursor);
}
