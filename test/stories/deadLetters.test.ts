import { afterAll, beforeAll, expect, test } from 'vitest';
import { post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// What cannot be taken in is kept; its key's mapping is mended, and it is taken in after all.

let serving: Serving;
let key: { readonly apiKey: { readonly id: string }; readonly secret: string };

beforeAll(async () => {
  serving = await startServing();
  const made = await administer<{ createApiKey: typeof key }>(
    `mutation { createApiKey(input: { name: "shop", role: MEMBER, scopes: [INGEST] }) {
       ... on CreateApiKeyPayload { apiKey { id } secret } } }`,
  );
  key = made.createApiKey;
});
afterAll(() => serving?.stop());

async function administer<T>(query: string, secret = servingKey): Promise<T> {
  const { data, errors } = await post<T>(serving.url, secret, query);
  expect(errors).toEqual([]);
  return data as T;
}

async function send(body: string, format = 'json'): Promise<number> {
  const response = await fetch(`${serving.url}/inbound/${format}/${key.secret}`, { method: 'POST', body });
  await response.arrayBuffer();
  return response.status;
}

interface Letter {
  readonly id: string;
  readonly format: string;
  readonly reason: string;
  readonly problems: readonly { readonly path: readonly string[] }[];
  readonly body: string;
  readonly count: number;
  readonly apiKey: { readonly name: string };
}

async function letters(filter = ''): Promise<readonly Letter[]> {
  const { deadLetters } = await administer<{ deadLetters: { nodes: Letter[] } }>(
    `{ deadLetters(first: 50 ${filter}) { nodes { id format reason problems { path message } body count apiKey { name } } } }`,
  );
  return deadLetters.nodes;
}

async function act(mutation: 'replayDeadLetter' | 'discardDeadLetter', id: string) {
  const fields = mutation === 'replayDeadLetter' ? 'outcome deadLetter { reason }' : 'id';
  const answer = await administer<Record<string, object>>(
    `mutation { ${mutation}(input: { id: "${id}" }) {
       __typename ... on ${mutation === 'replayDeadLetter' ? 'Replay' : 'Discard'}DeadLetterPayload { ${fields} }
       ... on UserError { code } } }`,
  );
  return answer[mutation];
}

const alarm = JSON.stringify({ alarm: { id: 7, text: 'Checkout is down' } });

test('what cannot be read is kept once, counted, and taken in when its key can read it', async () => {
  expect([await send(alarm), await send(alarm)]).toEqual([400, 400]);
  const [letter] = await letters();
  expect(letter).toMatchObject({
    format: 'json',
    body: alarm,
    count: 2,
    apiKey: { name: 'shop' },
    problems: [{ path: ['alarm'] }, { path: ['key'] }, { path: ['title'] }],
  });
  const id = letter?.id ?? '';
  expect(await act('replayDeadLetter', id)).toMatchObject({ outcome: 'REFUSED' });

  const mapping = JSON.stringify('{"key": alarm.id, "title": alarm.text, "severity": "page"}');
  const configured = await administer(
    `mutation { setIngestConfiguration(input: { apiKeyId: "${key.apiKey.id}", mapping: ${mapping} }) {
       ... on UserError { message } } }`,
  );
  expect(configured).toEqual({ setIngestConfiguration: {} });
  expect(await act('replayDeadLetter', id)).toMatchObject({ outcome: 'TAKEN_IN', deadLetter: null });
  expect(await act('replayDeadLetter', id)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await letters()).toEqual([]);
  const shown = await administer('{ incidents(first: 5) { nodes { title severity source } } }');
  expect(shown).toEqual({
    incidents: { nodes: [{ title: 'Checkout is down', severity: 'SEV1', source: 'json' }] },
  });
});

test('what is no JSON is kept too, by format, and can be thrown away', async () => {
  expect([await send('{', 'grafana'), await send('{', 'alertmanager')]).toEqual([400, 400]);
  const [letter] = await letters(', filter: { format: "grafana" }');
  expect(letter).toMatchObject({ format: 'grafana', body: '{', reason: 'This is not JSON.', count: 1 });
  expect(await act('replayDeadLetter', letter?.id ?? '')).toMatchObject({ outcome: 'REFUSED' });
  expect(await act('discardDeadLetter', letter?.id ?? '')).toMatchObject({ id: letter?.id });
  expect(await act('discardDeadLetter', letter?.id ?? '')).toMatchObject({ code: 'NOT_FOUND' });
  expect((await letters()).map(({ format }) => format)).toEqual(['alertmanager']);
});

test('a reported error whose severity nobody knows is kept, and taken in once its key knows', async () => {
  const body = JSON.stringify({ severity: 'furchtbar', source: 'shop', message: 'No slots left' });
  expect([await send(body, 'errors'), await send('[', 'errors')]).toEqual([400, 400]);
  const [unread, letter] = await letters(', filter: { format: "errors" }');
  expect(unread).toMatchObject({ body: '[', reason: 'This is not JSON.' });
  expect(letter).toMatchObject({ body, problems: [{ path: ['severity'] }] });
  expect(await act('replayDeadLetter', letter?.id ?? '')).toMatchObject({ outcome: 'REFUSED' });
  await administer(
    `mutation { setIngestConfiguration(input: { apiKeyId: "${key.apiKey.id}",
       severityMap: [{ text: "furchtbar", severity: SEV2 }] }) { __typename } }`,
  );
  // By two people at once, it is still one error, although it has no id of its own.
  const replayed = await Promise.all([1, 2].map(() => act('replayDeadLetter', letter?.id ?? '')));
  expect(replayed).toContainEqual(expect.objectContaining({ outcome: 'TAKEN_IN' }));
  expect(await administer('{ reportedErrors(first: 5) { nodes { severity outcome } } }')).toEqual({
    reportedErrors: { nodes: [{ severity: 'HIGH', outcome: 'CREATED' }] },
  });
  expect(await act('discardDeadLetter', unread?.id ?? '')).toMatchObject({ id: unread?.id });
});

test('a synced incident whose severity nobody knows is kept, and taken in once its key knows', async () => {
  const body = JSON.stringify([
    { id: 'k', source: 'shop', severity: 'schlimm', started_at: '2026-01-01T00:00:00Z' },
  ]);
  expect(await send(body, 'incidents')).toBe(400);
  const [letter] = await letters(', filter: { format: "incidents" }');
  expect(letter).toMatchObject({ body, problems: [{ path: ['0', 'severity'] }] });
  expect(await act('replayDeadLetter', letter?.id ?? '')).toMatchObject({ outcome: 'REFUSED' });
  await administer(
    `mutation { setIngestConfiguration(input: { apiKeyId: "${key.apiKey.id}", service: "till",
       severityMap: [{ text: "schlimm", severity: SEV2 }] }) { __typename } }`,
  );
  expect(await act('replayDeadLetter', letter?.id ?? '')).toMatchObject({ outcome: 'TAKEN_IN' });
  const query = '{ incidentsByKeys(source: "shop", keys: ["k"]) { incident { severity service { name } } } }';
  expect(await administer(query)).toEqual({
    incidentsByKeys: [{ incident: { severity: 'SEV2', service: { name: 'till' } } }],
  });
});

test('what a signature does not vouch for is not', async () => {
  const before = (await letters()).length;
  expect([await send('{}', 'sentry'), await send('{}', 'sns'), await send('{', 'sns')]).toEqual([
    401, 401, 400,
  ]);
  expect(await letters()).toHaveLength(before);
});

test('a mapping that is none is refused where it is set', async () => {
  const answer = await administer<{ setIngestConfiguration: { fields: { path: string[] }[] } }>(
    `mutation { setIngestConfiguration(input: { apiKeyId: "${key.apiKey.id}", mapping: "{\\"a\\": " }) {
       ... on ValidationError { fields { path message } } } }`,
  );
  expect(answer.setIngestConfiguration.fields).toMatchObject([{ path: ['mapping'] }]);
});

test('previewMapping writes nothing', async () => {
  const preview = await administer(
    `{ previewMapping(mapping: "{\\"key\\": id, \\"title\\": id}", body: "{\\"id\\": \\"x\\"}") {
         alerts { key does title severity } problems { path } } }`,
  );
  expect(preview).toEqual({
    previewMapping: { alerts: [{ key: 'x', does: 'FIRE', title: 'x', severity: 'SEV3' }], problems: [] },
  });
});
