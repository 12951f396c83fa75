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

test('a connection that dies under the read of a name costs nobody the event', async () => {
  const { incident } = await mutate<{ incident: { id: string } }>(
    serving.url,
    servingKey,
    'declareIncident',
    { title: 'Checkout answers 500', severity: 'SEV3' },
    'incident { id }',
  );
  const answers: string[] = [];
  socketClient(serving.url, servingKey).subscribe(
    { query: 'subscription { incidentEvents { message } }' },
    {
      next: (answer) => void answers.push(JSON.stringify(answer)),
      error: (error) => void answers.push(String(error)),
      complete: () => undefined,
    },
  );
  const note = (message: string) =>
    mutate(serving.url, servingKey, 'addIncidentNote', { incidentId: incident.id, message }, 'sequence');
  await vi.waitUntil(async () => {
    await note('Anyone?');
    return answers.length > 0;
  });
  // Whatever is remembered of names is forgotten with it.
  await mutate(
    serving.url,
    servingKey,
    'createApiKey',
    { name: 'Third key', role: 'MEMBER', scopes: ['READ'] },
    'apiKey { id }',
  );
  const failing = vi.spyOn(serving.database, 'for').mockImplementationOnce(() => {
    throw new Error('Connection terminated unexpectedly');
  });
  await note('Still there?');
  await vi.waitUntil(() => answers.some((answer) => answer.includes('Still there?')), { timeout: 10_000 });
  expect(failing).toHaveBeenCalled();
  expect(answers.filter((answer) => answer.includes('errors'))).toEqual([]);
});
