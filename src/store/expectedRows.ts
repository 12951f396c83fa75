import type { Projection } from './projection.ts';

type Row = Readonly<Record<string, unknown>>;

/** Tables whose rows are derived from events alone, and what a row of each is known by beside the organization. */
export const projectedTables = {
  service: ['id'],
  team: ['id'],
  project: ['id'],
  incident_tag: ['incident_id', 'tag'],
  incident_correlation_key: ['incident_id', 'correlation_key'],
  signal: ['incident_id', 'id'],
  incident_action: ['id'],
  escalation: ['id'],
  slo_violation: ['id'],
  run_burst: ['incident_id'],
  bulk_action: ['id'],
  follow_up: ['id'],
  timeline_visibility: ['sequence'],
  organization: ['organization_id'],
  team_member: ['team_id', 'user_id'],
  membership: ['user_id'],
  former_member: ['user_id'],
  invitation: ['id'],
  api_key: ['id'],
  policy: ['version'],
  published_event: ['sequence'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type ProjectedTable = keyof typeof projectedTables;

/** Tables whose rows the latest event replaces. */
const overwritten: ReadonlySet<ProjectedTable> = new Set([
  'follow_up',
  'timeline_visibility',
  'published_event',
  'run_burst',
]);

type NameTable = 'service' | 'team' | 'project';

/** What a row is known by in its table, as text. */
export function rowKey(table: ProjectedTable, row: Row): string {
  return projectedTables[table].map((column) => String(row[column])).join(' ');
}

/**
 * The rows that events ought to have left, applied one after the other as the commit applies them: the same meaning
 * as the SQL of `write_…_rows`, said again to check it.
 */
export class ExpectedRows {
  /** Signals that stopped firing, by id, and when. */
  readonly clearings: Row[] = [];
  readonly #tables = new Map<ProjectedTable, Map<string, Row>>();

  /** Rows of a table by {@link rowKey}. */
  table(table: ProjectedTable): Map<string, Row> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }

  apply({ rows, deletes }: Projection): void {
    for (const [table, list] of Object.entries(rows)) for (const row of list) this.#write(table, row);
    for (const [table, list] of Object.entries(deletes)) {
      for (const row of list)
        this.table(table as ProjectedTable).delete(rowKey(table as ProjectedTable, row));
    }
  }

  #write(table: string, row: Row): void {
    const happen = this.#happenings[table];
    if (happen === undefined) this.#insert(table as ProjectedTable, row);
    else happen(row);
  }

  /** What is not a table but happens to rows of one. */
  readonly #happenings: Readonly<Record<string, (row: Row) => void>> = {
    // Of signals that no event has made.
    signal_attachment: () => {},
    // It may be of another incident, which became part of this one: whoever compares applies it last.
    signal_clearing: (row) => void this.clearings.push(row),
    signal_departure: (row) => void this.table('signal').delete(rowKey('signal', row)),
    api_key_revocation: ({ id, revoked_at }) => this.#change('api_key', id, { revoked_at }),
    api_key_rotation: ({ id, prefix, previous_ends_at }) =>
      this.#change('api_key', id, { prefix, previous_ends_at }),
    api_key_ingest: ({ id, ingest }) => this.#change('api_key', id, { ingest }),
    bulk_action_cancellation: ({ id, cancelled_at }) => this.#change('bulk_action', id, { cancelled_at }),
    bulk_action_finish: ({ id, ...finish }) => this.#change('bulk_action', id, finish),
    escalation_acknowledgement: (row) => this.#acknowledge(row),
    organization_name: (row) => {
      for (const id of this.table('organization').keys()) this.#change('organization', id, row);
    },
    invitation_revocation: ({ id, revoked_at }) => this.#change('invitation', id, { revoked_at }),
    membership: (row) => this.#addMember(row),
    membership_role: ({ user_id, role }) => this.#change('membership', user_id, { role }),
    member_removal: (row) => this.#removeMember(row),
    service_name: (row) => this.#rename('service', row),
    team_name: (row) => this.#rename('team', row),
    project_name: (row) => this.#rename('project', row),
    service_details: ({ id, changes }) => this.#change('service', id, changes as Row),
    team_details: ({ id, changes }) => this.#change('team', id, changes as Row),
    service_merge: (row) => this.#merge('service', row),
    team_merge: (row) => this.#mergeTeams(row),
    project_merge: (row) => this.#merge('project', row),
    // Of no organization: the table is asked across all, and its own record.
    superadmin_grant: () => {},
    superadmin_revocation: () => {},
    published_event_withdrawal: (row) =>
      void this.table('published_event').delete(rowKey('published_event', row)),
    team_member_removal: (row) => void this.table('team_member').delete(rowKey('team_member', row)),
  };

  #insert(table: ProjectedTable, row: Row): void {
    const rows = this.table(table);
    const key = rowKey(table, row);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, row);
    else if (overwritten.has(table)) rows.set(key, row);
  }

  #change(table: ProjectedTable, id: unknown, changes: Row): void {
    const rows = this.table(table);
    const row = rows.get(String(id));
    if (row !== undefined) rows.set(String(id), { ...row, ...changes });
  }

  #addMember(row: Row): void {
    const { user_id, created_at, invitation_id } = row;
    this.#change('invitation', invitation_id, { accepted_at: created_at, accepted_by: user_id });
    this.table('former_member').delete(String(user_id));
    this.#insert('membership', row);
  }

  #removeMember({ user_id, left_at }: Row): void {
    this.#deleteWhere('team_member', (row) => row.user_id === user_id);
    this.table('membership').delete(String(user_id));
    this.#insert('former_member', { user_id, left_at });
  }

  /** Takes the name from an alias of its own, if that has it. */
  #rename(table: NameTable, { id, name, name_key }: Row): void {
    for (const [other, row] of this.table(table)) {
      // Any other that has the name was made after this one had given it up.
      if (row.name_key === name_key && row.merged_into === id) this.#change(table, other, { name_key: null });
    }
    this.#change(table, id, { name, name_key });
  }

  #merge(table: NameTable, { id, merged_into }: Row): void {
    for (const [other, row] of this.table(table)) {
      if (row.id === id || row.merged_into === id) this.#change(table, other, { merged_into });
    }
  }

  #mergeTeams(row: Row): void {
    this.#merge('team', row);
    const { id, merged_into } = row;
    for (const member of [...this.table('team_member').values()]) {
      if (member.team_id === id) this.#insert('team_member', { ...member, team_id: merged_into });
    }
    this.#deleteWhere('team_member', ({ team_id }) => team_id === id);
  }

  #deleteWhere(table: ProjectedTable, matches: (row: Row) => boolean): void {
    for (const [key, row] of this.table(table)) if (matches(row)) this.table(table).delete(key);
  }

  #acknowledge({ incident_id, version, acknowledged_at }: Row): void {
    const rows = this.table('escalation');
    for (const [key, row] of rows) {
      if (row.incident_id !== incident_id || row.acknowledged_at !== null) continue;
      if (Number(row.version) < Number(version)) rows.set(key, { ...row, acknowledged_at });
    }
  }
}
