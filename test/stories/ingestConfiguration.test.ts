import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// A key of scope INGEST is told how to read what it brings, while it brings it.

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

async function administer<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(serving.url, servingKey, query);
  expect(errors).toEqual([]);
  return data as T;
}

const alert = (number: number) => ({
  version: '4',
  groupKey: `group ${number}`,
  status: 'firing',
  alerts: [{ status: 'firing', labels: { alertname: 'Down', severity: 'kritisch' } }],
});

test('deliveries are read as it says within 5 s, and no more than it says are taken', async () => {
  const { createApiKey } = await administer<{ createApiKey: { apiKey: { id: string }; secret: string } }>(
    `mutation { createApiKey(input: { name: "shop", role: MEMBER, scopes: [INGEST] }) {
       ... on CreateApiKeyPayload { apiKey { id } secret } } }`,
  );
  const { apiKey, secret } = createApiKey;
  let sent = 0;
  const deliver = async () => {
    sent += 1;
    const response = await fetch(`${serving.url}/inbound/alertmanager/${secret}`, {
      method: 'POST',
      body: JSON.stringify(alert(sent)),
    });
    await response.arrayBuffer();
    return response;
  };
  const latest = async () => {
    const { incidents } = await administer<{
      incidents: { nodes: { severity: string; source: string; environment: string | null }[] };
    }>('{ incidents(first: 1) { nodes { severity source environment } } }');
    return incidents.nodes[0];
  };
  expect((await deliver()).status).toBe(200);
  expect(await latest()).toEqual({ severity: 'SEV3', source: 'alertmanager', environment: null });

  const configure = `mutation { setIngestConfiguration(input: { apiKeyId: "${apiKey.id}", source: "shop",
    environment: "eu", severityMap: [{ text: "Kritisch", severity: SEV1 }], requestsPerMinute: 2 }) {
    ... on SetIngestConfigurationPayload { apiKey { ingest { version source severityMap { text severity } } }
      events { message } }
    ... on UserError { message } } }`;
  expect(await administer(configure)).toEqual({
    setIngestConfiguration: {
      apiKey: {
        ingest: { version: 1, source: 'shop', severityMap: [{ text: 'kritisch', severity: 'SEV1' }] },
      },
      events: [{ message: expect.stringContaining('version 1') }],
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await deliver()).status).toBe(200);
  expect(await latest()).toEqual({ severity: 'SEV1', source: 'shop', environment: 'eu' });
  expect((await deliver()).status).toBe(200);
  const throttled = await deliver();
  expect(throttled.status).toBe(503);
  expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(20);
  const founded = await serving.database.asPlatform<{ id: string }>(
    'select organization_id as id from warroom.organization',
  );
  for (const { id } of founded) expect(await compareProjections(serving.database, id)).toEqual([]);
});
