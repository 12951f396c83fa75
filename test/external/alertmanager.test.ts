import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';
import { type Alert, type AlertmanagerProcess, startAlertmanager, until } from './alertmanagerProcess.ts';

let database: StoryDatabase;
let server: ServerProcess;
let alertmanager: AlertmanagerProcess;

beforeAll(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
  const { secret } = await mutate<{ secret: string }>(
    server.url,
    storyKey,
    'createApiKey',
    { name: 'alertmanager', role: 'MEMBER', scopes: ['INGEST'] },
    'secret',
  );
  alertmanager = await startAlertmanager([
    'webhook_configs:',
    `  - url: ${server.url}/inbound/alertmanager`,
    '    send_resolved: true',
    '    http_config:',
    '      authorization:',
    `        credentials: ${secret}`,
  ]);
}, 60_000);

afterAll(async () => {
  alertmanager?.stop();
  await server?.stop();
  await database?.drop();
});

const within = (holds: () => Promise<boolean>, limit: number) => until(holds, limit, server.output);

interface Found {
  readonly reference: string;
  readonly status: string;
  readonly severity: string;
  readonly source: string;
  readonly resolution: { readonly automatic: boolean } | null;
  readonly signals: { readonly edges: { readonly node: { readonly clearedAt: string | null } }[] };
}

async function incidents(search: string): Promise<Found[]> {
  const answer = await post<{ incidents: { edges: { node: Found }[] } }>(
    server.url,
    storyKey,
    `query($search: String!) { incidents(filter: { search: $search }) { edges { node {
      reference status severity source resolution { automatic } signals(first: 100) { edges { node { clearedAt } } } } } } }`,
    { search },
  );
  if (answer.data === null) throw new Error(JSON.stringify(answer.errors));
  return answer.data.incidents.edges.map((edge) => edge.node);
}

const alert = (name: string, instance: string, severity: string): Alert => ({
  labels: { alertname: name, instance, severity },
  annotations: { summary: `${name} is happening` },
});

test('a warning that fires and resolves: one incident, a signal an alert, resolved by itself', async () => {
  const alerts = ['a', 'b', 'c'].map((instance) => alert('DiskFilling', instance, 'warning'));
  await alertmanager.send(alerts, {});
  await within(async () => (await incidents('DiskFilling'))[0]?.signals.edges.length === 3, 20_000);
  const [firing, ...others] = await incidents('DiskFilling');
  expect(others).toEqual([]);
  expect(firing).toMatchObject({
    status: 'REPORTED',
    severity: 'SEV3',
    source: 'alertmanager',
    resolution: null,
  });

  await alertmanager.send(alerts, { endsAt: new Date(Date.now() - 1_000).toISOString() });
  await within(async () => (await incidents('DiskFilling'))[0]?.status === 'RESOLVED', 20_000);
  const [resolved] = await incidents('DiskFilling');
  expect(resolved?.resolution).toEqual({ automatic: true });
  expect(resolved?.signals.edges.every((edge) => edge.node.clearedAt !== null)).toBe(true);
}, 60_000);

test('a critical alert that fires and resolves: its signals clear, the incident stays open for a person', async () => {
  const alerts = [alert('CheckoutDown', 'a', 'critical')];
  await alertmanager.send(alerts, {});
  await within(async () => (await incidents('CheckoutDown')).length === 1, 20_000);
  await alertmanager.send(alerts, { endsAt: new Date(Date.now() - 1_000).toISOString() });
  await within(
    async () =>
      (await incidents('CheckoutDown'))[0]?.signals.edges.every((edge) => edge.node.clearedAt !== null) ===
      true,
    20_000,
  );
  expect(await incidents('CheckoutDown')).toMatchObject([
    { status: 'REPORTED', severity: 'SEV1', resolution: null },
  ]);
}, 60_000);

test('a burst of 1,000 alerts loses none', async () => {
  const alerts = Array.from({ length: 1_000 }, (_, n) => alert(`Burst${n % 20}`, `instance-${n}`, 'info'));
  await alertmanager.send(alerts, {});
  const attached = async () => {
    const answer = await post<{
      incidentEvents: { totalCount?: number };
      incidents: { edges: { node: { signals: { totalCount?: number } } }[] };
    }>(
      server.url,
      storyKey,
      '{ incidents(filter: { severity: [SEV4] }, first: 100) { edges { node { id version } } } }',
    );
    const nodes = (answer.data?.incidents.edges ?? []) as unknown as { node: { version: number } }[];
    // Each event of these incidents is its declaration or one signal.
    return { incidents: nodes.length, signals: nodes.reduce((sum, { node }) => sum + node.version - 1, 0) };
  };
  await within(async () => (await attached()).signals >= 1_000, 60_000);
  expect(await attached()).toEqual({ incidents: 20, signals: 1_000 });
}, 90_000);
