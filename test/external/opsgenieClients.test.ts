import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';
import { type AlertmanagerProcess, startAlertmanager, until } from './alertmanagerProcess.ts';

// Alertmanager's own clients of Opsgenie and of PagerDuty, with nothing changed but address and key.

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
    'opsgenie_configs:',
    `  - api_url: ${server.url}`,
    `    api_key: ${secret}`,
    '    priority: P4',
    '    update_alerts: true',
    "    tags: '{{ .CommonLabels.alertname }}, web'",
    'pagerduty_configs:',
    `  - url: ${server.url}/v2/enqueue`,
    `    routing_key: ${secret}`,
    '    severity: warning',
  ]);
}, 60_000);

afterAll(async () => {
  alertmanager?.stop();
  await server?.stop();
  await database?.drop();
});

interface Found {
  readonly title: string;
  readonly status: string;
  readonly severity: string;
  readonly source: string;
  readonly tags: readonly string[];
}

async function incidents(): Promise<Found[]> {
  const answer = await post<{ incidents: { edges: { node: Found }[] } }>(
    server.url,
    storyKey,
    '{ incidents(first: 100) { edges { node { title status severity source tags } } } }',
  );
  if (answer.data === null) throw new Error(JSON.stringify(answer.errors));
  const found = answer.data.incidents.edges.map((edge) => edge.node);
  return found.sort((a, b) => (a.source < b.source ? -1 : 1));
}

test('an alert that fires and resolves is an incident of each, resolved by itself', async () => {
  const alert = {
    labels: { alertname: 'DiskFilling', instance: 'a', severity: 'warning' },
    annotations: { summary: 'The disk is filling' },
  };
  await alertmanager.send([alert]);
  await until(async () => (await incidents()).length === 2, 20_000, server.output);
  expect(await incidents()).toMatchObject([
    {
      title: expect.stringContaining('DiskFilling'),
      status: 'REPORTED',
      severity: 'SEV4',
      source: 'opsgenie',
      tags: ['DiskFilling', 'web'],
    },
    { title: expect.stringContaining('DiskFilling'), severity: 'SEV3', source: 'pagerduty' },
  ]);
  await alertmanager.send([alert], { endsAt: new Date(Date.now() - 1_000).toISOString() });
  const isOver = async () => (await incidents()).every(({ status }) => status === 'RESOLVED');
  await until(isOver, 20_000, server.output);
}, 60_000);
