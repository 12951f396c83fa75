import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type TestClock, testClock } from '../support/testApi.ts';

// The reminders of the first source: eight runs fail for three subscriptions, it falls silent, and it fails again.

let clock: TestClock;
let serving: Serving;
let reminders: string;

beforeAll(async () => {
  clock = testClock('2025-12-19T10:00:00.000Z');
  serving = await startServing({ clock });
  const input = { name: 'reminders', role: 'MEMBER', scopes: ['INGEST'] };
  const { secret } = await mutate<{ secret: string }>(
    serving.url,
    servingKey,
    'createApiKey',
    input,
    'secret',
  );
  reminders = secret;
});
afterAll(() => serving?.stop());

const report = async (...runs: object[]) => {
  const { runs: reported } = await mutate<{ runs: { incidentId: string; reference: string }[] }>(
    serving.url,
    reminders,
    'reportRuns',
    { runs },
    'runs { incidentId reference }',
  );
  return reported;
};
const failure = (n: number, at: string) => ({
  source: 'reminders',
  runId: `run-${n}`,
  target: `subscription-${n % 3}`,
  status: 'FAILED',
  error: 'SMTP timeout',
  at,
});

test('a burst is one SEV1 incident, silence resolves it on time, and the next failure opens another', async () => {
  const eight = Array.from({ length: 8 }, (_, n) => failure(n, `2025-12-19T10:0${Math.floor(n / 2)}:00Z`));
  clock.advance(3 * 60_000);
  const [first] = await report(...eight);
  expect(first?.reference).toBe('INC-001');
  const incident = async () => {
    const { data } = await post<{ incident: Record<string, unknown> }>(
      serving.url,
      servingKey,
      `query($id: ID!) { incident(id: $id) {
        status severity resolvedAt resolution { automatic resolvedBy { kind } } pendingActions { kind dueAt }
      } }`,
      { id: first?.incidentId },
    );
    return data?.incident as { status: string; pendingActions: { kind: string; dueAt: string }[] };
  };
  const burst = await incident();
  expect(burst).toMatchObject({ status: 'REPORTED', severity: 'SEV1' });
  expect(burst.pendingActions).toContainEqual({ kind: 'AUTO_RESOLVE', dueAt: '2025-12-19T10:08:00.000Z' });

  clock.advance(5 * 60_000);
  const end = performance.now() + 10_000;
  while ((await incident()).status !== 'RESOLVED') {
    if (performance.now() > end) throw new Error('Silence resolved nothing.');
    await new Promise((wake) => setTimeout(wake, 50));
  }
  expect(await incident()).toMatchObject({
    resolvedAt: '2025-12-19T10:08:00.000Z',
    resolution: { automatic: true, resolvedBy: { kind: 'SYSTEM' } },
  });
  // Late, it still is of the burst it belongs to; a new failure is not.
  clock.advance(60_000);
  const late = await report(failure(20, '2025-12-19T10:05:00Z'));
  expect(late).toMatchObject([{ reference: 'INC-001' }]);
  const next = await report(failure(21, '2025-12-19T10:09:00Z'));
  expect(next).toMatchObject([{ reference: 'INC-002' }]);
  expect((await incident()).status).toBe('RESOLVED');
}, 60_000);
