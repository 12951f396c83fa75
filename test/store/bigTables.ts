import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { stateShape } from '../../src/domain/incident/state.ts';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { connectionSettings } from '../../src/store/pool.ts';
import type { Change, LoadRequest } from '../../src/store/port.ts';
import { compiledWorker } from '../support/compiledWorker.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

/** The one looked at. */
export const organization = '01900000-0000-7000-8000-00000000000a';
export const now = '2026-11-20T19:00:00.000Z';
/** The id of the n-th of anything. */
export const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** A load that asks for something of everything. */
export const wanted = (fingerprint: string): Partial<LoadRequest> => ({
  dedupKeys: ['none'],
  requests: [{ principal: 'ada', key: 'none' }],
  names: [{ kind: 'SERVICE', name: 's1' }],
  userIds: ['ada'],
  signalIds: [id(1)],
  fingerprints: [
    { of: null, fingerprint },
    { of: id(1), fingerprint },
  ],
  allOpenSignalsOfDedupKeys: ['none', 'key7'],
  episodes: [{ dedupKey: 'key7', fingerprint, beganAt: now }],
  sequences: [1, 2],
  apiKeyIds: [id(1)],
  joinable: [
    { kind: 'CORRELATION_KEY', key: 'key7' },
    { kind: 'SERVICE', key: 's1' },
  ],
  errors: [{ source: 'source1', errorId: 'unknown' }],
  runs: {
    bursts: [{ source: 'source1', from: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' }],
    runs: [{ source: 'source1', runId: 'unknown' }],
    targets: ['unknown'],
    failed: [{ source: 'source1', target: 'target1', at: '2026-01-01T00:00:00.000Z' }],
  },
  administration: {
    userIds: ['user7'],
    emails: ['user7@example.com'],
    invitationIds: [id(7)],
    acceptingUserId: 'user7',
    catalogue: {
      names: [{ kind: 'SERVICE', name: 's1' }],
      serviceIds: [id(7)],
      teamIds: [id(7)],
      projectIds: [id(7)],
      teamMember: { teamId: id(7), userId: 'user7' },
    },
    entrySequence: 7,
  },
});

/** Parts of a change that touch every table a commit looks into. */
export const everything: Partial<Change> = {
  deletes: { incident_tag: [{ incident_id: id(1), tag: 'none' }] },
  dedupKeys: { take: [], retake: [], release: ['none'] },
  rows: {
    service: [],
    signal_clearing: [{ id: id(1), cleared_at: now }],
    signal_repeat: [{ id: id(1), count: 1, last_seen_at: now }],
    signal_attachment: [],
    escalation_acknowledgement: [{ incident_id: id(1), version: 1, acknowledged_at: now }],
    api_key_revocation: [{ id: id(1), revoked_at: now }],
    invitation_revocation: [{ id: id(1), revoked_at: now }],
    membership_role: [{ user_id: 'nobody', role: 'VIEWER' }],
  },
};

/** Two organizations of 5,000 incidents each with an event, a signal and a tag; every property rare in some value. */
export const filling = `
  INSERT INTO organization SELECT o.id, 'o' || n, 'O', '${now}'
    FROM unnest(ARRAY['${organization}', '01900000-0000-7000-8000-00000000000b']::uuid[]) WITH ORDINALITY AS o(id, n);
  DELETE FROM deadline;
  INSERT INTO ledger_head SELECT organization_id, 0, 5000, 5000, 1, decode(repeat('00', 32), 'hex'), '${now}' FROM organization WHERE name = 'O';
  INSERT INTO service (organization_id, id, name, name_key) SELECT organization_id, o.uuid, 's' || i, 's' || i FROM organization, generate_series(1, 2000) i,
    LATERAL (SELECT ('01900000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid AS uuid) o WHERE name = 'O';
  INSERT INTO team (organization_id, id, name, name_key) SELECT organization_id, id, name, name_key FROM service;
  INSERT INTO project (organization_id, id, name, name_key) SELECT organization_id, id, name, name_key FROM service;
  CREATE TEMPORARY TABLE n AS SELECT organization_id AS org, i,
      ('01900000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid AS id,
      ('01900000-0000-7000-8000-' || lpad((1 + i % 50)::text, 12, '0'))::uuid AS named,
      timestamptz '${now}' - i * interval '1 minute' AS at, i % 250 = 0 AS rare
    FROM organization, generate_series(1, 5000) i WHERE name = 'O';
  INSERT INTO incident SELECT org, id, i, 1, i, 1, ${stateShape}, '{}' FROM n;
  INSERT INTO incident_text (organization_id, incident_id, title, description, notes)
    SELECT org, id, 'Incident ' || i, CASE WHEN rare THEN 'checkout' ELSE 'database' END, '' FROM n;
  INSERT INTO incident_list SELECT org, id, i, CASE WHEN rare THEN 'REPORTED' ELSE 'CLOSED' END,
      CASE WHEN rare THEN 'SEV1' ELSE 'SEV3' END, CASE WHEN rare THEN 1 ELSE 3 END,
      CASE WHEN rare THEN 'DRILL' ELSE 'STANDARD' END, 'Incident ' || i, 'source' || i % 40, 'type' || i % 40,
      'environment' || i % 40, named, named, named, 'user' || i % 40, rare, NOT rare, rare, rare, rare,
      CASE WHEN rare THEN at END, at, at, at, at FROM n;
  INSERT INTO incident_tag SELECT org, id, 'tag' || i % 100 FROM n;
  INSERT INTO incident_correlation_key SELECT org, id, 'key' || i % 100 FROM n;
  INSERT INTO dedup_key SELECT org, 'key' || i, id, NOT rare FROM n;
  INSERT INTO signal SELECT org, id, id, CASE WHEN rare THEN 'LOG' ELSE 'ALERT' END, 'source' || i % 40, NULL, NULL,
      NULL, 'summary', NULL, 'f' || i, 'key' || i % 100, 'trace' || i % 100, NULL, at, CASE WHEN NOT rare THEN at END,
      false, 1, at, 'key' || i % 100, at FROM n;
  INSERT INTO ledger_event SELECT org, 0, i, i, id, 1, CASE WHEN rare THEN 'INCIDENT_ESCALATED' ELSE 'INCIDENT_CREATED' END,
      id, at, false, CASE WHEN rare THEN 'SEV1' ELSE 'SEV3' END, decode(repeat('00', 32), 'hex'),
      decode(repeat('00', 32), 'hex'), '{}' FROM n;
  INSERT INTO timeline_visibility SELECT org, i, id, rare FROM n;
  INSERT INTO incident_snapshot SELECT org, id, 1, i, 1, at, ${stateShape}, '{}' FROM n;
  INSERT INTO users SELECT 'user' || i, 'User ' || i, 'user' || i || '@example.com', true, NULL, '${now}', '${now}'
    FROM generate_series(1, 5000) i;
  INSERT INTO membership (organization_id, user_id, role, created_at)
    SELECT org, 'user' || i, CASE WHEN rare THEN 'ORG_ADMIN' ELSE 'MEMBER' END, at FROM n;
  INSERT INTO invitation (organization_id, id, email, role, token_hash, mail_token_hash, created_at, invited_by_kind, expires_at, revoked_at)
    SELECT org, id, 'user' || i || '@example.com', 'MEMBER', sha256(convert_to(org || ' ' || i, 'UTF8')),
      sha256(convert_to('mailed ' || org || ' ' || i, 'UTF8')), at, 'SYSTEM', at,
      CASE WHEN NOT rare THEN at END FROM n;
  INSERT INTO former_member SELECT org, 'user' || (i + 1), at FROM n WHERE i < 5000;
  INSERT INTO deadline SELECT org, id, 'RESOLVE_SLA', '', at, NULL, 0 FROM n;
  SELECT make_access_log_months(timestamptz '${now}' - interval '1 month', 2);
  INSERT INTO access_log SELECT org, timestamptz '${now}' - i * interval '10 minutes', id, 'request', 'USER', 'user' || i % 40, 'ORG_ADMIN', false, 'session', 'QUERY',
      CASE WHEN rare THEN 'apiKeys' ELSE 'members' END, '{}', NULL, NULL, CASE WHEN rare THEN 'REFUSED' ELSE 'ALLOWED' END
    FROM n;
  INSERT INTO api_key (organization_id, id, name, prefix, hash, role, scopes, created_at, created_by_kind)
    SELECT org, id, 'Key', 'wr', sha256(convert_to(org || ' key ' || i, 'UTF8')), 'MEMBER', ARRAY['INGEST'], at, 'SYSTEM'
    FROM n WHERE i <= 40;
  INSERT INTO dedup_key SELECT org, 'dedup' || i, id, true FROM n;
  CREATE TEMPORARY TABLE fewer AS SELECT *, CASE WHEN rare THEN 'P0' ELSE 'P2' END AS priority,
    ('01900000-0000-7000-8000-' || lpad((1 + i % 40)::text, 12, '0'))::uuid AS key FROM n WHERE i <= 1500;
  INSERT INTO change SELECT org, id, key, encode(sha256(convert_to(i::text, 'UTF8')), 'hex'), at, at, 'source' || i % 40, 's' || i % 50,
      's' || i % 50, 'environment' || i % 40, 'Deployed', NULL, '[]' FROM fewer;
  INSERT INTO dead_letter SELECT org, id, key, CASE WHEN rare THEN 'json' ELSE 'sentry' END,
      sha256(convert_to(i::text, 'UTF8')), '{}', 2, 'reason', '[]', NULL, NULL, 1, at, at FROM fewer;
  INSERT INTO reported_error SELECT org, 'e' || i, id, id, 'CREATED', false, 'f' || i % 100, priority,
      CASE WHEN rare THEN 'SEV1' ELSE 'SEV3' END, 'source' || i % 40, NULL, NULL, 'message', NULL, NULL, NULL, NULL, at, at FROM fewer;
  INSERT INTO run SELECT org, 'source' || i % 40, 'r' || i, 'target' || i % 40, CASE WHEN rare THEN 'FAILED' ELSE 'SUCCEEDED' END,
      CASE WHEN rare THEN 'error' END, CASE WHEN rare THEN id END, at, at, i FROM fewer;
  INSERT INTO run_head SELECT org, max(i) FROM fewer GROUP BY org;
  INSERT INTO run_target SELECT org, id, 'target' || i % 40, 1, at, at FROM fewer;
  INSERT INTO bulk_action (organization_id, id, incident_id, source, action, target_count, targets_digest, concurrency, throttle_milliseconds, actor_kind, started_at, version, finished_at)
    SELECT org, id, id, 'source' || i % 40, 'MUTE', 1, 'digest', 5, 0, 'SYSTEM', at, 2, CASE WHEN NOT rare THEN at END FROM fewer;
  INSERT INTO bulk_action_target SELECT org, id, 1, 'target' || i, CASE WHEN rare THEN 'PENDING' ELSE 'FAILED' END, 1, NULL, NULL, NULL, NULL,
    CASE WHEN NOT rare THEN at END, NULL FROM fewer;
  INSERT INTO muted_target SELECT org, 'source' || i % 40, 'target' || i, at, CASE WHEN NOT rare THEN at + interval '1 millisecond' END, id, CASE WHEN NOT rare THEN id END FROM fewer;
  INSERT INTO muted_target SELECT org, 'source' || i % 40, 'target' || i, at + interval '1 second', NULL, id, NULL FROM fewer WHERE NOT rare;
  INSERT INTO lost_signal SELECT org, timestamptz '${now}' - i * interval '1 hour', 'DROPPED', 'rule' || i % 10, 1, at FROM fewer;
  INSERT INTO early_clearing SELECT org, 'key' || i % 100, 'f' || i, at, at FROM fewer;`;

/** A superuser's connection to a migrated database of its own, and how to be rid of both. */
export async function openLogin(): Promise<{ login: pg.Client; stop: () => Promise<unknown> }> {
  if (process.env.WARROOM_TEST_DATABASE_URL) {
    const database = await openTestDatabase();
    const login = new pg.Client(
      connectionSettings({ connectionString: database.settings.databaseUrl ?? '' }),
    );
    await login.connect();
    return { login, stop: () => database.drop() };
  }
  const dataDirectory = mkdtempSync(join(tmpdir(), 'warroom-explain-'));
  const embedded = await startEmbedded({ dataDirectory, log: createLog('silent'), worker: compiledWorker() });
  const login = new pg.Client(connectionSettings(embedded.connection));
  await login.connect();
  await migrate(login);
  const stop = async () => {
    await embedded.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  };
  return { login, stop };
}
