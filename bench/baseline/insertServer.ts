import { createHash, randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

/**
 * The same rows as a delivery of alerts leaves, plainly inserted in one statement and nothing decided: the signal, what
 * came of it, and its event with a hash. It locks no head, chains nothing, joins nothing and updates no incident.
 *
 *     node insertServer.js <connection string>
 */
const pool = new pg.Pool({ connectionString: process.argv[2] ?? '', max: 10 });
await pool.query(`
  create schema if not exists baseline;
  create table if not exists baseline.signal (
    organization_id uuid, id uuid, source text, summary text, severity text, fingerprint text, data_digest text,
    at timestamptz, last_seen_at timestamptz, primary key (organization_id, id));
  create index if not exists baseline_signal_fingerprint on baseline.signal (organization_id, fingerprint);
  create table if not exists baseline.signal_data (
    organization_id uuid, signal_id uuid, data text, primary key (organization_id, signal_id));
  create sequence if not exists baseline.signal_event_sequence;
  create table if not exists baseline.signal_event (
    organization_id uuid, sequence bigint default nextval('baseline.signal_event_sequence'), body text, hash bytea,
    primary key (organization_id, sequence));
`);

const insert = `
  with given as (
    select * from jsonb_to_recordset($2::jsonb) as g (
      id uuid, source text, summary text, severity text, fingerprint text, digest text, at timestamptz, data text,
      body text)
  ), signals as (
    insert into baseline.signal select $1, id, source, summary, severity, fingerprint, digest, at, at from given
  ), data as (
    insert into baseline.signal_data select $1, id, data from given
  )
  insert into baseline.signal_event (organization_id, body, hash)
  select $1, body, sha256(convert_to(body, 'UTF8')) from given`;

const organization = randomUUID();
const app = Fastify();

interface Alert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

app.post('/alerts', async (request) => {
  const { alerts } = request.body as { readonly alerts: readonly Alert[] };
  const at = new Date();
  const rows = alerts.map((alert) => {
    const data = JSON.stringify(alert);
    const signal = {
      id: randomUUID(),
      source: 'alertmanager',
      summary: alert.annotations.summary,
      severity: alert.labels.severity,
      fingerprint: alert.fingerprint,
      digest: createHash('sha256').update(data).digest('hex'),
      at,
    };
    return {
      ...signal,
      data,
      body: JSON.stringify({ type: 'SIGNAL', at, command: randomUUID(), payload: signal }),
    };
  });
  await pool.query(insert, [organization, JSON.stringify(rows)]);
  return { status: 'success' };
});

await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address() as { port: number };
console.log(`http://127.0.0.1:${address.port}`);
process.on('SIGTERM', () => {
  void app.close().then(() => pool.end());
});
