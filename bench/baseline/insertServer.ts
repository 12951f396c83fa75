import { createHash, randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

/**
 * The same rows as a delivery of alerts leaves, in tables with the columns, checks and indexes of Warroom's own (without
 * its foreign keys, triggers and row-level security), plainly written in one statement and nothing decided: the signal,
 * what came with it, its event with a hash, and the incident. Each client's group of alerts has an incident of its own.
 * It reads nothing, locks no head, chains nothing, and finds no repeat.
 *
 *     node insertServer.js <connection string> join|declare
 *
 * `declare`: every delivery also writes what a new incident has: its line of the list, its texts, its dedup key and its
 * deadlines.
 */
const [, , connectionString = '', mode = 'join'] = process.argv;
const pool = new pg.Pool({ connectionString, max: 10 });
const written = ['signal', 'signal_data', 'ledger_event', 'incident'];
const declared = ['incident_list', 'incident_text', 'dedup_key', 'deadline'];
await pool.query('create schema if not exists baseline; create sequence if not exists baseline.sequence;');
for (const table of [...written, ...declared]) {
  await pool.query(`create table if not exists baseline.${table} (like warroom.${table} including all)`);
}

const insert = `
  with given as (
    select * from jsonb_to_recordset($2::jsonb) as g (
      incident uuid, version int, id uuid, source text, summary text, severity text, fingerprint text, digest text,
      at timestamptz, data text, body text)
  ), signals as (
    insert into baseline.signal (organization_id, id, incident_id, type, source, summary, severity, fingerprint,
      data_digest, at, firing, count, last_seen_at)
    select $1, id, incident, 'ALERT', source, summary, severity, fingerprint, digest, at, true, 1, at from given
  ), data as (
    insert into baseline.signal_data select $1, id, data from given
  ), events as (
    insert into baseline.ledger_event (organization_id, ledger, sequence, number, incident_id, version, type, command_id,
      at, is_public, severity, previous_hash, hash, body)
    select $1, 0, nextval('baseline.sequence'), 1, incident, version, 'INCIDENT_SIGNAL_INGESTED', id, at, false, 'SEV3',
      decode(repeat('00', 32), 'hex'), sha256(convert_to(body, 'UTF8')), body
    from given
  )
  insert into baseline.incident (organization_id, id, number, version, sequence, policy_version, shape, state)
  values ($1, $3, 1, $4, 1, 1, 1, $5)
  on conflict (organization_id, id) do update set version = excluded.version, state = excluded.state`;

const declare = `
  with list as (
    insert into baseline.incident_list (organization_id, incident_id, number, status, severity, severity_rank, mode,
      title, source, is_open, acknowledged, has_notes, has_root_cause, sla_breached, overdue_at, detected_at, reported_at)
    select $1, $2, nextval('baseline.sequence'), 'REPORTED', 'SEV3', 3, 'STANDARD', $3, 'alertmanager', true, false,
      false, false, false, now() + interval '1 hour', now(), now()
  ), texts as (
    insert into baseline.incident_text (organization_id, incident_id, title, description, notes)
    values ($1, $2, $3, 'Labels: alertname=HighErrorRate', '')
  ), keys as (
    insert into baseline.dedup_key values ($1, 'alertmanager:' || $2::uuid, $2, true)
  )
  insert into baseline.deadline (organization_id, incident_id, kind, key, due_at, attempts)
  select $1, $2, d.kind, d.key, now() + d.after * interval '1 minute', 0 from (values
    ('ACKNOWLEDGE_SLA_AT_RISK', '', 96), ('ACKNOWLEDGE_SLA', '', 120), ('RESOLVE_SLA_AT_RISK', '', 1152),
    ('RESOLVE_SLA', '', 1440), ('ESCALATION', 'on-call', 60), ('ESCALATION', 'supervisor', 240)
  ) as d (kind, key, after)`;

const organization = randomUUID();
const app = Fastify();

interface Alert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Delivery {
  readonly groupKey: string;
  readonly alerts: readonly Alert[];
}

/** Incidents by group, with the version of each. */
const incidents = new Map<string, { readonly id: string; version: number }>();

function rowOf(alert: Alert, incident: string, version: number) {
  const data = JSON.stringify(alert);
  const at = new Date();
  const signal = {
    id: randomUUID(),
    source: 'alertmanager',
    summary: alert.annotations.summary,
    severity: alert.labels.severity,
    fingerprint: alert.fingerprint,
    digest: createHash('sha256').update(data).digest('hex'),
    at,
  };
  const event = { type: 'INCIDENT_SIGNAL_INGESTED', incident, version, at, command: randomUUID() };
  return { ...signal, incident, version, data, body: JSON.stringify({ ...event, payload: signal }) };
}

app.post('/alerts', async (request) => {
  const { groupKey, alerts } = request.body as Delivery;
  const incident = incidents.get(groupKey) ?? { id: randomUUID(), version: 0 };
  incidents.set(groupKey, incident);
  const first = incident.version + 1;
  const rows = alerts.map((alert, index) => rowOf(alert, incident.id, first + index));
  incident.version += alerts.length;
  const state = JSON.stringify({
    title: 'HighErrorRate',
    version: incident.version,
    rest: 'x'.repeat(1_200),
  });
  const parameters = [organization, JSON.stringify(rows), incident.id, incident.version, state];
  if (mode === 'join') {
    await pool.query(insert, parameters);
    return { status: 'success' };
  }
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(insert, parameters);
    await client.query(declare, [organization, incident.id, 'HighErrorRate']);
    await client.query('commit');
  } finally {
    client.release();
  }
  return { status: 'success' };
});

await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address() as { port: number };
console.log(`http://127.0.0.1:${address.port}`);
process.on('SIGTERM', () => {
  void app.close().then(() => pool.end());
});
