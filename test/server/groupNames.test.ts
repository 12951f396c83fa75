import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { mutate, socketClient } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving.stop());

test('a socket’s event reads no name it read before, until the administration ledger moves', async () => {
  const { incident } = await mutate<{ incident: { id: string } }>(
    serving.url,
    servingKey,
    'declareIncident',
    { title: 'Checkout answers 500', severity: 'SEV3' },
    'incident { id }',
  );
  const messages: unknown[] = [];
  const client = socketClient(serving.url, servingKey);
  client.subscribe(
    { query: 'subscription { incidentEvents { message actor { name } } }' },
    {
      next: ({ data }) => void messages.push(data?.incidentEvents),
      error: (error) => void messages.push(error),
      complete: () => undefined,
    },
  );
  const clients = vi.spyOn(serving.database, 'for');
  const noted = async (message: string): Promise<number> => {
    const reads = clients.mock.calls.length;
    await mutate(
      serving.url,
      servingKey,
      'addIncidentNote',
      { incidentId: incident.id, message },
      'sequence',
    );
    await vi.waitUntil(() => JSON.stringify(messages.at(-1))?.includes(`noted: ${message}.`), {
      timeout: 10_000,
    });
    return clients.mock.calls.length - reads;
  };
  // Until the subscription stands, notes go by unseen.
  await vi.waitUntil(
    async () => {
      await mutate(
        serving.url,
        servingKey,
        'addIncidentNote',
        { incidentId: incident.id, message: 'Anyone?' },
        'sequence',
      );
      return messages.length > 0;
    },
    { timeout: 10_000, interval: 50 },
  );
  await noted('one');
  expect(await noted('two')).toBe(0);
  expect(messages.at(-1)).toEqual({ message: 'First key noted: two.', actor: { name: 'First key' } });

  await mutate(
    serving.url,
    servingKey,
    'createApiKey',
    { name: 'Second key', role: 'MEMBER', scopes: ['READ'] },
    'apiKey { id }',
  );
  expect(await noted('three')).toBeGreaterThan(0);
  expect(await noted('four')).toBe(0);
  await client.dispose();
});

/** Someone who listens to what a note says, which needs the name of who wrote it. */
async function listening(): Promise<Listening> {
  const { incident } = await mutate<{ incident: { id: string } }>(
    serving.url,
    servingKey,
    'declareIncident',
    { title: 'Checkout answers 500', severity: 'SEV3' },
    'incident { id }',
  );
  const answers: string[] = [];
  const client = socketClient(serving.url, servingKey);
  const closed = new Promise<string>((resolve) => {
    client.on('closed', (event) => {
      const { code, reason } = event as CloseEvent;
      resolve(`${code} ${reason}`);
    });
  });
  client.subscribe(
    { query: listen },
    {
      next: (answer) => void answers.push(JSON.stringify(answer)),
      error: () => undefined,
      complete: () => undefined,
    },
  );
  const note = (message: string) =>
    mutate(serving.url, servingKey, 'addIncidentNote', { incidentId: incident.id, message }, 'sequence');
  await vi.waitUntil(async () => {
    await note('Anyone?');
    return answers.length > 0;
  });
  return { answers, closed, note, said: (message) => heard(answers, message) };
}

interface Listening {
  readonly answers: readonly string[];
  /** Code and reason its socket was closed with. */
  readonly closed: Promise<string>;
  note(message: string): Promise<unknown>;
  /** Resolves once it was told that. */
  said(message: string): Promise<unknown>;
}

const listen = 'subscription { incidentEvents { sequence message } }';

const heard = (answers: readonly string[], text: string) =>
  vi.waitUntil(() => answers.some((answer) => answer.includes(text)), { timeout: 10_000 });

/** Whatever is remembered of names is forgotten when the administration ledger moves. */
const forgetNames = (name: string) =>
  mutate(
    serving.url,
    servingKey,
    'createApiKey',
    { name, role: 'MEMBER', scopes: ['READ'] },
    'apiKey { id }',
  );

const dead = () => {
  throw new Error('Connection terminated unexpectedly');
};

test('a connection that dies under the read of a name costs nobody the event', async () => {
  const { answers, note, said } = await listening();
  await forgetNames('Third key');
  const failing = vi.spyOn(serving.database, 'for').mockImplementationOnce(dead);
  await note('Still there?');
  await said('Still there?');
  expect(failing).toHaveBeenCalled();
  expect(answers.filter((answer) => answer.includes('errors'))).toEqual([]);
});

test('a database that stays away sends everyone back to the cursor, and never passes an event over', async () => {
  const { answers, closed, note } = await listening();
  const stream = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${servingKey}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: listen }),
  });
  await forgetNames('Fourth key');
  const reads = vi.spyOn(serving.database, 'for').mockImplementation(dead);
  const { asPlatform } = serving.database;
  const asked = vi.spyOn(serving.database, 'asPlatform').mockImplementation((text, values) => {
    return text === 'select 1' ? Promise.reject(new Error('Connection refused')) : asPlatform(text, values);
  });
  await note('Read me later.');
  expect(await closed).toBe('1013 Resume from your cursor');
  // Ended, and not completed: its client comes back.
  const streamed = await stream.text();
  expect(streamed).not.toContain('complete');
  reads.mockRestore();
  asked.mockRestore();
  expect([...answers, streamed].filter((answer) => answer.includes('errors'))).toEqual([]);
  expect(answers.filter((answer) => answer.includes('Read me later.'))).toEqual([]);

  const after = JSON.parse(answers.at(-1) ?? '').data.incidentEvents.sequence;
  const resumed: string[] = [];
  const client = socketClient(serving.url, servingKey);
  client.subscribe(
    { query: listen.replace('incidentEvents', `incidentEvents(after: ${after})`) },
    {
      next: (answer) => void resumed.push(JSON.stringify(answer)),
      error: () => undefined,
      complete: () => undefined,
    },
  );
  await heard(resumed, 'Read me later.');
  await client.dispose();
}, 30_000);

test('a field that fails while the database answers is told as an error, and holds nobody up', async () => {
  const { answers, note, said } = await listening();
  await forgetNames('Fifth key');
  const failing = vi.spyOn(serving.database, 'for').mockImplementation(dead);
  await note('Nobody can say this.');
  await said('errors');
  failing.mockRestore();
  await note('And this?');
  await said('And this?');
  expect(answers.filter((answer) => answer.includes('errors'))).toHaveLength(1);
});
