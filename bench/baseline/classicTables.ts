import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** An organization of the baseline with incidents to write on. */
export interface ClassicOrganization {
  readonly id: string;
  readonly incidents: readonly string[];
}

const tables = `
  create schema if not exists baseline;
  create table if not exists baseline.head (
    organization_id uuid primary key, sequence bigint not null, hash bytea not null) with (fillfactor = 10);
  create table if not exists baseline.event (
    organization_id uuid, sequence bigint, incident_id uuid, version int, type text, at timestamptz, hash bytea,
    body text, primary key (organization_id, sequence), unique (organization_id, incident_id, version));
  create table if not exists baseline.incident (
    organization_id uuid, id uuid, version int, state text, primary key (organization_id, id)) with (fillfactor = 80);
  create table if not exists baseline.deadline (
    organization_id uuid, incident_id uuid, kind text, due_at timestamptz,
    primary key (organization_id, incident_id, kind));
  create index if not exists baseline_deadline_due on baseline.deadline (due_at);

  -- The durable rows of a note and its NOTIFY, in one statement: what a raw client commits.
  create or replace function baseline.write_note(organization uuid, incident uuid, body text, at timestamptz)
  returns bigint language plpgsql as $$
  declare
    head baseline.head;
    next_version int;
    next_hash bytea;
  begin
    select * into head from baseline.head h where h.organization_id = organization for update;
    next_hash := sha256(head.hash || convert_to(body, 'UTF8'));
    update baseline.incident i set version = i.version + 1
      where i.organization_id = organization and i.id = incident returning i.version into next_version;
    insert into baseline.event (organization_id, sequence, incident_id, version, type, at, hash, body)
      values (organization, head.sequence + 1, incident, next_version, 'NOTE', at, next_hash, body);
    update baseline.head h set sequence = head.sequence + 1, hash = next_hash
      where h.organization_id = organization;
    delete from baseline.deadline d where d.organization_id = organization and d.incident_id = incident;
    insert into baseline.deadline (organization_id, incident_id, kind, due_at)
      values (organization, incident, 'STALE', at + interval '1 day');
    perform pg_notify('baseline', body);
    return head.sequence + 1;
  end $$;
`;

/** The baseline's tables and `organizations` of them with `incidents` each, in the schema `baseline`. */
export async function makeClassicTables(
  client: pg.Client,
  organizations: number,
  incidents: number,
): Promise<ClassicOrganization[]> {
  await client.query(tables);
  const made: ClassicOrganization[] = [];
  for (let o = 0; o < organizations; o += 1) {
    const id = randomUUID();
    const ids = Array.from({ length: incidents }, () => randomUUID());
    await client.query("insert into baseline.head values ($1, 0, decode(repeat('00', 32), 'hex'))", [id]);
    for (const incident of ids) {
      await client.query('insert into baseline.incident values ($1, $2, 0, $3)', [
        id,
        incident,
        JSON.stringify({ title: 'Checkout answers 500', tags: [], padding: 'x'.repeat(1_500) }),
      ]);
    }
    made.push({ id, incidents: ids });
  }
  return made;
}
