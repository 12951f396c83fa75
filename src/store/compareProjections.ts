import { deadlinesOf } from '../domain/incident/deadlines.ts';
import { type IncidentState, stateShape } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { compareAdministration } from './compareAdministration.ts';
import { compareCatalogue } from './compareCatalogue.ts';
import { compareDedupKeys } from './compareDedupKeys.ts';
import { compareEngagement } from './compareEngagement.ts';
import { compareRows, type Difference } from './compareRows.ts';
import type { Database } from './database.ts';
import { ExpectedRows, type ProjectedTable, rowKey } from './expectedRows.ts';
import { listRowOf } from './listRow.ts';
import { rowsOf } from './projection.ts';
import { type ReplayedIncident, replayedIncidents } from './replayedIncidents.ts';

type Row = Readonly<Record<string, unknown>>;

/** Incidents compared at once. */
const incidentsAtOnce = 100;
const lowestId = '00000000-0000-0000-0000-000000000000';
const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Tables of rows that belong to one incident and come from its events alone. */
const ofIncidents = [
  'incident_tag',
  'incident_correlation_key',
  'signal',
  'incident_action',
  'escalation',
  'slo_violation',
  'run_burst',
  'bulk_action',
  'follow_up',
  'timeline_visibility',
] as const satisfies readonly ProjectedTable[];

/**
 * Makes every projection of an organization again from its ledgers and compares it with what is stored: states,
 * texts, snapshots, lists, deadlines, rows, catalogue, dedup keys, members, invitations, keys, policies, session gates,
 * engagement. Answers at most the first `limit` differences; none is the good answer. Reads by key, page by page.
 * Someone must not be writing meanwhile.
 * Not derived from events, so not compared: signals' data, counts and last sighting, API keys' hashes and last use,
 * addresses and tokens of invitations, answers to idempotency keys.
 */
export async function compareProjections(
  database: Database,
  organizationId: string,
  limit = 100,
): Promise<readonly Difference[]> {
  const { differences, policies, gates } = await compareAdministration(database, organizationId);
  const found = [...differences];
  const names = new ExpectedRows();
  let after = lowestId;
  let batch: ReplayedIncident[] = [];
  const compareBatch = async (until: string): Promise<void> => {
    found.push(
      ...(await compareIncidents({ database, organizationId, policies, gates }, batch, after, until)),
    );
    after = until;
    batch = [];
  };
  for await (const incident of replayedIncidents(database, organizationId, lowestId)) {
    noteNames(names, incident);
    batch.push(incident);
    if (batch.length === incidentsAtOnce) await compareBatch(incident.id);
    if (found.length >= limit) return found.slice(0, limit);
  }
  await compareBatch(highestId);
  found.push(...(await compareCatalogue(database, organizationId, names)));
  found.push(...(await compareDedupKeys(database, organizationId)));
  found.push(...(await compareEngagement(database, organizationId)));
  return found.slice(0, limit);
}

function noteNames(names: ExpectedRows, { events }: ReplayedIncident): void {
  for (const event of events) {
    const { rows } = rowsOf(event);
    const { service = [], team = [], project = [] } = rows;
    names.apply({ rows: { service, team, project }, deletes: {} });
  }
}

interface Comparison {
  readonly database: Database;
  readonly organizationId: string;
  readonly policies: ReadonlyMap<number, Policy>;
  readonly gates: ReadonlyMap<string, Instant>;
}

/** Compares these incidents, and that there are no others with an id in (after, until]. */
async function compareIncidents(
  comparison: Comparison,
  incidents: readonly ReplayedIncident[],
  after: string,
  until: string,
): Promise<Difference[]> {
  const differences = await compareOwnRows(comparison, incidents, after, until);
  const expected = new ExpectedRows();
  for (const { events } of incidents) for (const event of events) expected.apply(rowsOf(event));
  const { database, organizationId } = comparison;
  const clearings = [...expected.clearings, ...(await clearingsElsewhere(comparison, incidents))];
  clear(expected.table('signal'), clearings);
  for (const table of ofIncidents) {
    const stored = await database.asOrganization(
      organizationId,
      `SELECT * FROM warroom.${table}
       WHERE organization_id = $1 AND incident_id > $2::uuid AND incident_id <= $3::uuid`,
      [organizationId, after, until],
    );
    const rows = expected.table(table);
    if (table === 'signal') for (const [key, row] of rows) rows.set(key, withoutRepeats(row));
    differences.push(...compareRows(table, rows, byKey(table, stored)));
  }
  return differences;
}

/**
 * The clearings of signals of these incidents that are events of others: of those that they became part of. Follows
 * what these became part of, in turn.
 */
async function clearingsElsewhere(
  { database, organizationId }: Comparison,
  incidents: readonly ReplayedIncident[],
): Promise<readonly Row[]> {
  const known = new Set(incidents.map(({ id }) => id));
  const found: Row[] = [];
  let ahead = incidents.flatMap(({ state }) => state.mergedInto?.incidentId ?? []);
  for (;;) {
    const next = [...new Set(ahead)].filter((id) => !known.has(id));
    if (next.length === 0) return found;
    for (const id of next) known.add(id);
    const rows = await database.asOrganization<{ body: string }>(
      organizationId,
      `SELECT body FROM warroom.ledger_event
       WHERE organization_id = $1 AND incident_id = ANY($2::uuid[])
         AND type IN ('INCIDENT_SIGNAL_CLEARED', 'INCIDENT_MERGED')`,
      [organizationId, next],
    );
    const events = rows.map(({ body }) => decodeBody(body));
    ahead = events.flatMap((event) => (event.type === 'INCIDENT_MERGED' ? event.payload.intoIncidentId : []));
    for (const event of events) found.push(...(rowsOf(event).rows.signal_clearing ?? []));
  }
}

function clear(signals: Map<string, Row>, clearings: readonly Row[]): void {
  const clearedAt = new Map(clearings.map(({ id, cleared_at }) => [id, cleared_at]));
  for (const [key, row] of signals) {
    const cleared_at = clearedAt.get(row.id);
    if (cleared_at !== undefined) signals.set(key, { ...row, cleared_at, firing: false });
  }
}

/** Repeats raise these two without an event. */
function withoutRepeats({ count: _count, last_seen_at: _lastSeenAt, ...row }: Row): Row {
  return row;
}

function byKey(table: ProjectedTable, rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [rowKey(table, row), row]));
}

/** State, texts, snapshots, list row and deadlines: what is made of the state, not of single events. */
async function compareOwnRows(
  { database, organizationId, policies, gates }: Comparison,
  incidents: readonly ReplayedIncident[],
  after: string,
  until: string,
): Promise<Difference[]> {
  const stored = async (columns: string, table: string, key: (row: Row) => string) => {
    const id = table === 'incident' ? 'id' : 'incident_id';
    const rows = await database.asOrganization(
      organizationId,
      `SELECT ${columns} FROM warroom.${table}
       WHERE organization_id = $1 AND ${id} > $2::uuid AND ${id} <= $3::uuid`,
      [organizationId, after, until],
    );
    return new Map(rows.map((row) => [key(row), row]));
  };
  const states = await stored('*', 'incident', (row) => String(row.id));
  const planned = (incident: ReplayedIncident) =>
    policies.get(Number(states.get(incident.id)?.policy_version)) ?? null;
  const byIncident = (row: Row) => String(row.incident_id);
  const expected = (rowOf: (incident: ReplayedIncident) => Row) =>
    new Map(incidents.map((incident) => [incident.id, rowOf(incident)]));
  return [
    ...compareRows(
      'incident',
      expected((incident) => ({ ...stateRow(incident), gate_blocked_at: gates.get(incident.id) })),
      states,
    ),
    ...compareRows('incident_text', expected(textRow), await stored('*', 'incident_text', byIncident)),
    ...compareRows(
      'incident_list',
      expected((incident) => listRow(incident, planned(incident))),
      await stored('*', 'incident_list', byIncident),
    ),
    ...compareRows(
      'incident_snapshot',
      new Map(incidents.flatMap(snapshotRows)),
      await stored('*', 'incident_snapshot', (row) => `${row.incident_id} ${row.version}`),
    ),
    ...compareDeadlines(
      new Map(
        incidents.flatMap((incident) => deadlineRows(incident, planned(incident), gates.get(incident.id))),
      ),
      await stored('*', 'deadline', (row) => `${row.incident_id} ${row.kind} ${row.key}`),
    ),
  ];
}

function stateRow({ number, sequence, state }: ReplayedIncident): Row {
  const { description: _description, notes: _notes, ...rest } = state;
  return { number, sequence, version: state.version, shape: stateShape, state: JSON.stringify(rest) };
}

function textRow({ state }: ReplayedIncident): Row {
  return { title: state.title, description: state.description, notes: state.notes };
}

function listRow({ number, state }: ReplayedIncident, policy: Policy | null): Row {
  return policy === null ? { number } : { number, ...listRowOf(state, policy) };
}

function snapshotRows({ id, snapshots }: ReplayedIncident): [string, Row][] {
  return snapshots.map(({ version, sequence, state }) => [
    `${id} ${version}`,
    { version, sequence, at: state.updatedAt, state: stateText(state) },
  ]);
}

function stateText(state: IncidentState): string {
  return JSON.stringify(state);
}

/** A deadline that has moved on may still stand where it was: it is looked at then, and planned anew. */
function compareDeadlines(planned: Map<string, Row>, stored: ReadonlyMap<string, Row>): Difference[] {
  for (const [key, { due_at: dueAt }] of planned) {
    const storedDueAt = stored.get(key)?.due_at;
    if (typeof storedDueAt === 'string' && storedDueAt < String(dueAt))
      planned.set(key, { due_at: storedDueAt });
  }
  return compareRows('deadline', planned, stored);
}

function deadlineRows(
  { id, state }: ReplayedIncident,
  policy: Policy | null,
  gateBlockedAt: Instant | undefined,
): [string, Row][] {
  if (policy === null) return [];
  return deadlinesOf(state, policy, gateBlockedAt ?? null).map(({ kind, key, dueAt }) => [
    `${id} ${kind} ${key}`,
    { due_at: dueAt },
  ]);
}
