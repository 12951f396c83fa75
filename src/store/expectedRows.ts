import type { Projection } from './projection.ts';

type Row = Readonly<Record<string, unknown>>;

/** Tables whose rows are derived from events alone, and what a row of each is known by beside the organization. */
export const projectedTables = {
  service: ['id'],
  team: ['id'],
  project: ['id'],
  incident_tag: ['incident_id', 'tag'],
  incident_correlation_key: ['incident_id', 'correlation_key'],
  signal: ['id'],
  incident_action: ['id'],
  escalation: ['id'],
  slo_violation: ['id'],
  follow_up: ['id'],
  timeline_visibility: ['sequence'],
  organization: ['organization_id'],
  membership: ['user_id'],
  former_member: ['user_id'],
  invitation: ['id'],
  api_key: ['id'],
  policy: ['version'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type ProjectedTable = keyof typeof projectedTables;

/** What a row is known by in its table, as text. */
export function rowKey(table: ProjectedTable, row: Row): string {
  return projectedTables[table].map((column) => String(row[column])).join(' ');
}

/**
 * The rows that events ought to have left, applied one after the other as the commit applies them: the same meaning
 * as the SQL of `write_…_rows`, said again to check it.
 */
export class ExpectedRows {
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
    if (table === 'signal_attachment') {
      this.#change('signal', row.id, { incident_id: row.incident_id });
    } else if (table === 'signal_clearing') {
      this.#change('signal', row.id, { cleared_at: row.cleared_at, firing: false });
    } else if (table === 'api_key_revocation') {
      this.#change('api_key', row.id, { revoked_at: row.revoked_at });
    } else if (table === 'organization_name') {
      for (const id of this.table('organization').keys()) this.#change('organization', id, row);
    } else if (table === 'invitation_revocation') {
      this.#change('invitation', row.id, { revoked_at: row.revoked_at });
    } else if (table === 'membership_role') {
      this.#change('membership', row.user_id, { role: row.role });
    } else if (table === 'membership') {
      this.#addMember(row);
    } else if (table === 'member_removal') {
      this.#removeMember(row);
    } else if (table === 'escalation_acknowledgement') {
      this.#acknowledge(row);
    } else {
      this.#insert(table as ProjectedTable, row);
    }
  }

  #insert(table: ProjectedTable, row: Row): void {
    const rows = this.table(table);
    const key = rowKey(table, row);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, row);
    else if (table === 'signal') rows.set(key, { ...known, incident_id: row.incident_id });
    else if (table === 'follow_up' || table === 'timeline_visibility') rows.set(key, row);
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
    this.table('membership').delete(String(user_id));
    this.#insert('former_member', { user_id, left_at });
  }

  #acknowledge({ incident_id, version, acknowledged_at }: Row): void {
    const rows = this.table('escalation');
    for (const [key, row] of rows) {
      if (row.incident_id !== incident_id || row.acknowledged_at !== null) continue;
      if (Number(row.version) < Number(version)) rows.set(key, { ...row, acknowledged_at });
    }
  }
}
