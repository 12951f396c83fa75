import { acknowledge, change, event, resolve, trigger } from '@pagerduty/pdjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';
import { startTlsFront, type TlsFront } from './tlsFront.ts';

// PagerDuty's own client for JavaScript, with nothing changed but the server's name and the key. It speaks HTTPS only.

let database: StoryDatabase;
let server: ServerProcess;
let front: TlsFront;
/** A key that brings what it likes, and one that may send no more than once a minute. */
let key: string;
let slowKey: string;

beforeAll(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
  front = await startTlsFront(server.url);
  key = (await makeKey('pagerduty')).secret;
  const slow = await makeKey('slow');
  slowKey = slow.secret;
  const configuration = { apiKeyId: slow.apiKey.id, requestsPerMinute: 1 };
  await mutate(server.url, storyKey, 'setIngestConfiguration', configuration, 'apiKey { id }');
}, 60_000);

afterAll(async () => {
  await front?.stop();
  await server?.stop();
  await database?.drop();
});

function makeKey(name: string): Promise<{ secret: string; apiKey: { id: string } }> {
  const input = { name, role: 'MEMBER', scopes: ['INGEST'] };
  return mutate(server.url, storyKey, 'createApiKey', input, 'secret apiKey { id }');
}

/** What the client needs besides the event: where, and whose certificate to believe. */
const there = () => ({ server: front.host, agent: front.agent });

const payload = {
  summary: 'Disk full on db-1',
  source: 'db-1.example.com',
  severity: 'critical',
  component: 'postgres',
  custom_details: { environment: 'production', free: '0 %' },
} as const;

/** A trigger of this alert; `more` adds to it. */
const firing = (dedup_key: string, more: object = {}) => ({
  ...there(),
  data: { routing_key: key, event_action: 'trigger' as const, dedup_key, payload, ...more },
});

async function answered(sent: ReturnType<typeof event>) {
  const { response, data } = await sent;
  return { status: response.status, data };
}

/** Acknowledges or resolves an alert, as the client does with no payload at all. */
function follow(by: typeof acknowledge | typeof resolve, dedup_key: string) {
  const data = { routing_key: key, dedup_key } as Parameters<typeof by>[0]['data'];
  return answered(by({ ...there(), data }));
}

interface Found {
  readonly title: string;
  readonly status: string;
}

async function incidents(title: string): Promise<readonly Found[]> {
  const { data, errors } = await post<{ incidents: { nodes: Found[] } }>(
    server.url,
    storyKey,
    `{ incidents(first: 50) { nodes { title status severity source environment service { name }
        externalRefs { system id url } signals(first: 5) { nodes { count data clearedAt } } } } }`,
  );
  expect(errors).toEqual([]);
  return (data?.incidents.nodes ?? []).filter((incident) => incident.title === title);
}

const processed = { status: 'success', message: 'Event processed' };
const invalid = { status: 'invalid event', message: 'Event object is invalid' };

test('an alert triggers, repeats, is acknowledged and resolved', async () => {
  const shown = {
    client: 'Nagios',
    client_url: 'https://nagios.example/1',
    links: [{ href: 'https://wiki.example/disk', text: 'Runbook' }],
    images: [{ src: 'https://charts.example/disk.png', alt: 'Free space' }],
  };
  const accepted = { status: 202, data: { ...processed, dedup_key: 'db-1/disk' } };
  expect(await answered(trigger(firing('db-1/disk', shown)))).toEqual(accepted);
  expect(await answered(event(firing('db-1/disk', shown)))).toEqual(accepted);
  expect(await follow(acknowledge, 'db-1/disk')).toEqual(accepted);
  expect(await incidents('Disk full on db-1')).toMatchObject([
    {
      status: 'ACKNOWLEDGED',
      severity: 'SEV1',
      source: 'pagerduty',
      environment: 'production',
      service: { name: 'postgres' },
      externalRefs: [
        { system: 'Nagios', id: 'db-1/disk', url: 'https://nagios.example/1' },
        { system: 'link', id: 'Runbook', url: 'https://wiki.example/disk' },
      ],
      signals: { nodes: [{ count: 2, data: { ...shown, payload } }] },
    },
  ]);
  expect(await follow(resolve, 'db-1/disk')).toEqual(accepted);
  expect(await incidents('Disk full on db-1')).toMatchObject([
    { status: 'ACKNOWLEDGED', signals: { nodes: [{ clearedAt: expect.any(String) }] } },
  ]);
});

test('an alert without a dedup key is given one, by which the policy resolves it; then it is another', async () => {
  const low = { payload: { ...payload, summary: 'Slow', severity: 'warning' }, dedup_key: undefined };
  const first = await answered(trigger(firing('', low)));
  expect(first).toEqual({ status: 202, data: { ...processed, dedup_key: expect.any(String) } });
  const { dedup_key } = first.data;
  await follow(resolve, dedup_key);
  expect(await incidents('Slow')).toMatchObject([{ status: 'RESOLVED', severity: 'SEV3' }]);
  await trigger(firing('', { ...low, dedup_key }));
  expect((await incidents('Slow')).map(({ status }) => status).sort()).toEqual(['REPORTED', 'RESOLVED']);
});

test('what follows an alert that is not there is accepted, and does nothing', async () => {
  const accepted = { status: 202, data: { ...processed, dedup_key: 'nobody' } };
  expect(await follow(acknowledge, 'nobody')).toEqual(accepted);
  expect(await follow(resolve, 'nobody')).toEqual(accepted);
  expect(await incidents('PagerDuty event')).toEqual([]);
});

test('a change is told, and declares nothing', async () => {
  const data = {
    routing_key: key,
    payload: {
      summary: 'Deployed 1.2',
      source: 'ci',
      timestamp: new Date().toISOString(),
      custom_details: { service: 'checkout', build: 7 },
    },
    links: [{ href: 'https://ci.example/7', text: 'Build 7' }],
  };
  // The client's types want of a change what only an alert has.
  const sent = change({ ...there(), data: data as unknown as Parameters<typeof change>[0]['data'] });
  expect(await answered(sent)).toEqual({
    status: 202,
    data: { status: 'success', message: 'Change event processed' },
  });
  const read = await post(
    server.url,
    storyKey,
    '{ changes(first: 5) { edges { node { summary source serviceName details links { href text } } } } }',
  );
  expect(read.data).toMatchObject({
    changes: {
      edges: [
        {
          node: {
            summary: 'Deployed 1.2',
            source: 'ci',
            serviceName: 'checkout',
            details: { build: 7 },
            links: [{ href: 'https://ci.example/7', text: 'Build 7' }],
          },
        },
      ],
    },
  });
  expect(await incidents('Deployed 1.2')).toEqual([]);
});

test('what is wrong comes back in the words of PagerDuty', async () => {
  const refused = (errors: readonly string[]) => ({ status: 400, data: { ...invalid, errors } });
  const wrong = (more: object) => answered(trigger(firing('wrong', more)));
  expect(await wrong({ routing_key: '0123456789abcdef0123456789abcdef' })).toEqual(
    refused(['Invalid routing key']),
  );
  expect(await wrong({ payload: { ...payload, summary: undefined } })).toEqual(
    refused(["'payload.summary' is missing or blank"]),
  );
  expect(await follow(resolve, '')).toEqual(refused(["'dedup_key' is missing or blank"]));
});

test('a sender that is too fast is told so, however often its client tries', async () => {
  const send = (retryTimeout: number) =>
    answered(trigger({ ...firing('slow', { routing_key: slowKey }), retryTimeout }));
  expect((await send(1)).status).toBe(202);
  expect(await send(1)).toEqual({
    status: 429,
    data: {
      status: 'throttle exceeded',
      message: 'Requests for this service are arriving too quickly. Please retry later.',
    },
  });
});
