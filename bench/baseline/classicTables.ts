import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** An organization of the baseline with incidents to write on. */
export interface ClassicOrganization {
  readonly id: string;
  readonly incidents: readonly string[];
}

/** The baseline's tables and `organizations` of them with `incidents` each, in the schema `baseline`. */
export async function makeClassicTables(
  client: pg.Client,
  organizations: number,
  incidents: number,
): Promise<ClassicOrganization[]> {
  await client.query(`
    create schema if not exists baseline;
    create table if not exists baseline.head (organization_id uuid primary key, sequence bigint not null, hash bytea not null) with (fillfactor = 10);
    create table if not exists baseline.event (
      organization_id uuid, sequence bigint, incident_id uuid, version int, type text, at timestamptz, hash bytea, body text,
      primary key (organization_id, sequence), unique (organization_id, incident_id, version));
    create table if not exists baseline.incident (organization_id uuid, id uuid, version int, state text, primary key (organization_id, id)) with (fillfactor = 80);
    create table if not exists baseline.deadline (organization_id uuid, incident_id uuid, kind text, due_at timestamptz, primary key (organization_id, incident_id, kind));
    create index if not exists baseline_deadline_due on baseline.deadline (due_at);
  `);
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
