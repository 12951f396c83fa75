import { createHash, randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';

/**
 * What a careful engineer writes by hand: Fastify, pg, and one classic transaction for the same durable rows as a note
 * on an incident: lock the head, insert the event with its hash, update the incident, replace its deadline, commit.
 *
 *     node classicServer.js server <connection string>
 *     node classicServer.js embedded <data directory>
 */
const [, , mode, where = ''] = process.argv;
// The embedded database in this very process, as Warroom has it: one session, so one connection.
const embedded =
  mode === 'embedded' ? await startEmbedded({ dataDirectory: where, log: createLog('error') }) : null;
const pool = new pg.Pool(
  embedded === null ? { connectionString: where, max: 10 } : { ...embedded.connection, max: 1 },
);
const app = Fastify();

const noteSchema = {
  body: {
    type: 'object',
    required: ['organization', 'incident', 'message'],
    properties: {
      organization: { type: 'string' },
      incident: { type: 'string' },
      message: { type: 'string' },
    },
  },
} as const;

app.post('/note', { schema: noteSchema }, async (request) => {
  const { organization, incident, message } = request.body as Record<
    'organization' | 'incident' | 'message',
    string
  >;
  const client = await pool.connect();
  try {
    await client.query('begin');
    const head = await client.query(
      'select sequence, hash from baseline.head where organization_id = $1 for update',
      [organization],
    );
    const current = await client.query(
      'select version, state from baseline.incident where organization_id = $1 and id = $2 for update',
      [organization, incident],
    );
    const sequence = Number(head.rows[0].sequence) + 1;
    const version = current.rows[0].version + 1;
    const at = new Date();
    const body = JSON.stringify({
      type: 'NOTE',
      incident,
      version,
      at,
      command: randomUUID(),
      payload: { message },
    });
    const hash = createHash('sha256').update(head.rows[0].hash).update(body).digest();
    await client.query(
      'insert into baseline.event (organization_id, sequence, incident_id, version, type, at, hash, body) values ($1,$2,$3,$4,$5,$6,$7,$8)',
      [organization, sequence, incident, version, 'NOTE', at, hash, body],
    );
    await client.query('update baseline.head set sequence = $2, hash = $3 where organization_id = $1', [
      organization,
      sequence,
      hash,
    ]);
    await client.query(
      'update baseline.incident set version = $3, state = $4 where organization_id = $1 and id = $2',
      [
        organization,
        incident,
        version,
        JSON.stringify({ ...JSON.parse(current.rows[0].state), version, updatedAt: at }),
      ],
    );
    await client.query('delete from baseline.deadline where organization_id = $1 and incident_id = $2', [
      organization,
      incident,
    ]);
    await client.query(
      'insert into baseline.deadline (organization_id, incident_id, kind, due_at) values ($1,$2,$3,$4)',
      [organization, incident, 'STALE', new Date(at.getTime() + 86_400_000)],
    );
    await client.query('commit');
    return { incident, version, sequence, at };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
});

await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address() as { port: number };
console.log(`http://127.0.0.1:${address.port}`);
process.on('SIGTERM', () => {
  void app
    .close()
    .then(() => pool.end())
    .then(() => embedded?.close());
});
