import type { IncidentSeverity } from '../../domain/incident/vocabulary.ts';
import type { AdministrationEntry } from '../../domain/ledger/ledger.ts';
import { type ShownEntry, shownEntryOf, visibilityJoin, visibleNow } from './incidentTimelines.ts';
import { entryColumns, ledgerEntryOf, parsedEntry } from './ledgerEntry.ts';
import { inOrder, type ReadScope } from './scope.ts';
import type { Slice } from './slice.ts';
import { Statement } from './statement.ts';
import { type TypeFilter, typeCondition } from './typeFilter.ts';

/** Which entries of the incidents ledger are wanted; null leaves a condition out. */
export interface EventFilter {
  readonly incidentId: string | null;
  readonly types: TypeFilter | null;
  /** The severity right after the entry. */
  readonly severity: readonly IncidentSeverity[] | null;
  /** Only those that are public now. */
  readonly publicOnly: boolean;
}

/** Entries of the incidents ledger with sequence > `afterSequence`, in order, at most `size` (≤ 100). */
export async function incidentEvents(
  scope: ReadScope,
  filter: EventFilter,
  afterSequence: number,
  size: number,
): Promise<Slice<ShownEntry>> {
  const statement = new Statement();
  const conditions = [
    `e.organization_id = ${statement.value(scope.organizationId)}`,
    'e.ledger = 0',
    `e.sequence > ${statement.value(afterSequence)}`,
  ];
  if (filter.incidentId !== null)
    conditions.push(`e.incident_id = ${statement.value(filter.incidentId)}::uuid`);
  if (filter.types) conditions.push(typeCondition(filter.types, statement));
  if (filter.severity) conditions.push(`e.severity = ANY(${statement.value(filter.severity)}::text[])`);
  if (filter.publicOnly) conditions.push(visibleNow);
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${entryColumns}, ${visibleNow} AS visible_now FROM warroom.ledger_event e ${visibilityJoin}
     WHERE ${conditions.join(' AND ')} ORDER BY e.sequence LIMIT ${statement.value(size + 1)}`,
    statement.parameters,
  );
  return { items: rows.slice(0, size).map(shownEntryOf), more: rows.length > size };
}

/** Entries of the administration ledger with sequence > `afterSequence`, in order, at most `size` (≤ 100). */
export async function administrationEvents(
  scope: ReadScope,
  types: TypeFilter | null,
  afterSequence: number,
  size: number,
): Promise<Slice<AdministrationEntry>> {
  const statement = new Statement();
  const conditions = [
    `e.organization_id = ${statement.value(scope.organizationId)}`,
    'e.ledger = 1',
    `e.sequence > ${statement.value(afterSequence)}`,
  ];
  if (types) conditions.push(typeCondition(types, statement));
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${entryColumns} FROM warroom.ledger_event e
     WHERE ${conditions.join(' AND ')} ORDER BY e.sequence LIMIT ${statement.value(size + 1)}`,
    statement.parameters,
  );
  return { items: rows.slice(0, size).map(administrationEntryOf), more: rows.length > size };
}

/** Entries of the incidents ledger by sequence, in the order asked for; null where there is none. */
export async function incidentEventsAt(
  scope: ReadScope,
  sequences: readonly number[],
): Promise<(ShownEntry | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${entryColumns}, ${visibleNow} AS visible_now FROM warroom.ledger_event e ${visibilityJoin}
     WHERE e.organization_id = $1 AND e.ledger = 0 AND e.sequence = ANY($2::bigint[])`,
    [scope.organizationId, [...new Set(sequences)]],
  );
  return inOrder(sequences, new Map(rows.map((row) => [Number(row.sequence), shownEntryOf(row)])));
}

/** Entries of the administration ledger by sequence, in the order asked for; null where there is none. */
export async function administrationEventsAt(
  scope: ReadScope,
  sequences: readonly number[],
): Promise<(AdministrationEntry | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${entryColumns} FROM warroom.ledger_event e
     WHERE e.organization_id = $1 AND e.ledger = 1 AND e.sequence = ANY($2::bigint[])`,
    [scope.organizationId, [...new Set(sequences)]],
  );
  return inOrder(sequences, new Map(rows.map((row) => [Number(row.sequence), administrationEntryOf(row)])));
}

function administrationEntryOf(row: Parameters<typeof ledgerEntryOf>[0]): AdministrationEntry {
  return parsedEntry(ledgerEntryOf(row)) as AdministrationEntry;
}
