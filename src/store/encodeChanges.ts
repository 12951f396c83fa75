import { stateShape } from '../domain/incident/state.ts';
import { ledgers } from '../domain/ledger/ledger.ts';
import { plainOf } from './plainChanges.ts';
import type { Change, ChangeEvent, TableRows } from './port.ts';

type WireRow = Readonly<Record<string, unknown>>;

/**
 * The changes as `warroom.commit` takes them: turned on their side, so that the database writes each table once,
 * however many changes there are. `o` is the ordinal, from 1, of the change a row belongs to; parts without rows are
 * left out, which is how the database knows that it need not look.
 */
export function encodeChanges(
  changes: readonly Change[],
  at: string | undefined,
  earlyClearings?: number,
): string {
  return JSON.stringify({
    at: at ?? latestAt(changes),
    shape: stateShape,
    administration: whether(changes.some(isOfAdministration)),
    keyed: whether(changes.some((change) => change.dedupKeys !== null)),
    planned: whether(changes.some((change) => change.deadlines !== null)),
    early_clearings: changes.some(beginsEpisode) ? earlyClearings : undefined,
    requested: whether(changes.some((change) => change.request !== null)),
    plain: plainOf(changes),
    changes: changes.map(metaOf),
    events: each(changes, eventsOf),
    states: each(changes, stateOf),
    lists: each(changes, ({ incident }) => (incident?.list ? [incident.list] : [])),
    texts: each(changes, textOf),
    snapshots: each(changes, snapshotsOf),
    deadlines: each(changes, deadlinesOf),
    rows: byTable(changes, 'rows'),
    deletes: byTable(changes, 'deletes'),
  });
}

/** Present or left out: to ask whether a part is there is all that it costs. */
function whether(present: boolean): true | undefined {
  return present || undefined;
}

function isOfAdministration({ events }: Change): boolean {
  return events.some((event) => event.ledger === 'ADMINISTRATION');
}

/** Whether it attaches what may have been cleared before it came. */
function beginsEpisode({ rows }: Change): boolean {
  return rows.signal?.some(({ began_at }) => began_at !== null) ?? false;
}

function latestAt(changes: readonly Change[]): string | undefined {
  let latest: string | undefined;
  for (const { events } of changes) {
    for (const { at } of events) if (latest === undefined || at > latest) latest = at;
  }
  return latest;
}

function metaOf(change: Change, index: number): WireRow {
  const { dedupKeys, request, deadlines, events, gate } = change;
  return {
    o: index + 1,
    incident: change.incidentId,
    base: change.baseVersion,
    administration: change.administrationSequence,
    events: events.filter(({ ledger }) => ledger === 'INCIDENTS').length,
    moves: events.length > 0,
    carries: change.incident !== null,
    partner: partnerOf(change, index + 1),
    policy: change.rows.policy?.[0]?.version,
    free: change.rows.early_clearing?.find(({ free }) => free)?.dedup_key,
    planned: deadlines !== null,
    plan: deadlines?.map(({ kind, key }) => `${kind} ${key}`),
    gate_before: gate?.before ?? undefined,
    gate_after: gate?.after ?? undefined,
    keyed: dedupKeys !== null,
    ...dedupKeys,
    ...request,
  };
}

function partnerOf({ partner }: Change, ordinal: number): number | undefined {
  if (partner === undefined) return undefined;
  return partner === 'NEXT' ? ordinal + 1 : ordinal - 1;
}

function eventsOf(change: Change): WireRow[] {
  return change.events.map((event: ChangeEvent) => ({
    ledger: ledgers.indexOf(event.ledger),
    incident: event.incidentId,
    version: event.version,
    type: event.type,
    command: change.commandId,
    at: event.at,
    public: event.isPublic,
    severity: event.severity,
    body: event.body,
  }));
}

function stateOf({ incident }: Change): WireRow[] {
  if (incident === null) return [];
  return [{ policy_version: incident.policyVersion, shape: incident.shape, state: incident.state }];
}

/** The title goes with the texts because text search looks into both. */
function textOf({ incident }: Change): WireRow[] {
  if (incident === null || incident.text === null) return [];
  const { title } = incident.list ?? (JSON.parse(incident.state) as { title: string });
  return [{ title, description: incident.text.description, notes: incident.text.notes }];
}

function snapshotsOf({ incident }: Change): WireRow[] {
  if (incident === null) return [];
  return incident.snapshots.map(({ version, at, state }) => ({ version, at, shape: incident.shape, state }));
}

function deadlinesOf({ deadlines }: Change): WireRow[] {
  return (deadlines ?? []).map(({ kind, key, dueAt }) => ({ kind, key, due_at: dueAt }));
}

/** The rows of all changes with their ordinals; undefined when there are none. */
function each(
  changes: readonly Change[],
  rowsOf: (change: Change) => readonly WireRow[],
): WireRow[] | undefined {
  const all: WireRow[] = [];
  for (const [index, change] of changes.entries()) {
    for (const row of rowsOf(change)) all.push({ o: index + 1, ...row });
  }
  return all.length === 0 ? undefined : all;
}

function byTable(changes: readonly Change[], part: 'rows' | 'deletes'): TableRows | undefined {
  const tables: Record<string, WireRow[]> = {};
  for (const [index, change] of changes.entries()) {
    for (const [table, rows] of Object.entries(change[part])) {
      tables[table] ??= [];
      for (const row of rows) tables[table].push(knownOf(index + 1, row));
    }
  }
  return Object.values(tables).some((rows) => rows.length > 0) ? tables : undefined;
}

/** A row without its nulls: what is left out is null to the database, and costs nothing to send and to read. */
function knownOf(o: number, row: WireRow): WireRow {
  const known: Record<string, unknown> = { o };
  for (const column in row) if (row[column] !== null) known[column] = row[column];
  return known;
}
