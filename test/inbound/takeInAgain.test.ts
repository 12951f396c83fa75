import { expect, it } from 'vitest';
import { createTryAgain } from '../../src/inbound/tryAgain.ts';
import { fixture } from './fixture.ts';
import { quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

// Letters of the formats that are answered in their vendor's words, once what was wrong with them is mended.

function trying() {
  const switchboard = new Switchboard();
  const changes: string[] = [];
  const tryAgain = createTryAgain({
    ...quiet,
    handle: switchboard.handle,
    changes: {
      note: async (_principal, { summary }) => {
        changes.push(summary);
      },
    },
    scopeOf: () => {
      throw new Error('Nothing is read here.');
    },
  });
  const again = (format: string, body: object, id = letterId) =>
    tryAgain({ id, format, body: Buffer.from(JSON.stringify(body)) }, ingest);
  return { again, switchboard, changes };
}

const letterId = '01980000-0000-7000-8000-000000000001';
const keyless = { routing_key: '[routing key]' };

it("PagerDuty's event is taken in through the same translation", async () => {
  const { again, switchboard } = trying();
  expect(await again('pagerduty', { ...fixture('pagerduty-trigger'), ...keyless })).toEqual({ kind: 'done' });
  expect(switchboard.last.incident).toMatchObject({ source: 'pagerduty', status: 'REPORTED' });
  const refused = await again('pagerduty', { ...keyless, event_action: 'resolve' });
  expect(refused).toMatchObject({ kind: 'refused', problems: [{ path: ['dedup_key'] }] });
});

it("PagerDuty's change is noted", async () => {
  const { again, changes } = trying();
  expect(await again('pagerduty-change', { ...keyless, payload: { summary: 'Deployed' } })).toEqual({
    kind: 'done',
  });
  expect(changes).toEqual(['Deployed']);
  expect(await again('pagerduty-change', keyless)).toMatchObject({ kind: 'refused' });
});

it("Opsgenie's alert is created", async () => {
  const { again, switchboard } = trying();
  expect(await again('opsgenie', { message: 'Down', alias: 'a', priority: 'P1' })).toEqual({ kind: 'done' });
  expect(switchboard.last.incident).toMatchObject({ title: 'Down', severity: 'SEV1', source: 'opsgenie' });
  expect(await again('opsgenie', { alias: 'a' })).toMatchObject({
    kind: 'refused',
    reason: 'message: Message can not be empty.',
  });
  expect(await again('opsgenie', [])).toMatchObject({ kind: 'refused' });
});

it.each([
  [
    'pagerduty',
    { ...keyless, event_action: 'trigger', payload: { summary: 'Down', source: 'a', severity: 'info' } },
  ],
  ['opsgenie', { message: 'Down' }],
])('an alert of %s that nobody named is one, however often its letter is tried', async (format, body) => {
  const { again, switchboard } = trying();
  for (let tries = 0; tries < 2; tries++) expect(await again(format, body)).toEqual({ kind: 'done' });
  expect(switchboard.stories).toHaveLength(1);
  await again(format, body, '01980000-0000-7000-8000-000000000002');
  expect(switchboard.stories).toHaveLength(2);
});
