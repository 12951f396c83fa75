import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandle } from '../../src/app/handle.ts';
import type { IncidentCommandInputs } from '../../src/domain/incident/commands.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { createLog } from '../../src/log.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];

let api: TestApi | undefined;
let organizations = 0;
let here: TestOrganization;
beforeEach(async () => {
  api ??= await openTestApi();
  organizations += 1;
  here = await api.found(`here-${organizations}`);
});
afterAll(() => api?.close());

const running = (): TestApi => {
  if (api === undefined) throw new Error('The API is not open.');
  return api;
};
const set = (rules: object[]) => mutate(running(), here.user('ORG_ADMIN'), 'setDetectionRules', { rules });
const read = async <T>(document: string, variables?: Record<string, unknown>) => {
  const { data, errors } = await running().run<T>(here.user('VIEWER'), document, variables);
  expect(errors).toEqual([]);
  return data;
};

/** Brings signals as a connector does. */
async function receive(...deliveries: readonly Delivery[]) {
  const { database, feed, clock } = running();
  const handle = createHandle({
    store: createPostgresStore(database),
    clock,
    inbox: feed,
    log: createLog('silent'),
  });
  return Promise.all(
    deliveries.map((input) =>
      handle({
        organizationId: here.organizationId,
        actor: { kind: 'INTEGRATION', id: '01900000-0000-7000-8000-0000000000aa', role: 'MEMBER' },
        target: { by: 'dedupKey', key: input.dedupKey },
        command: { name: 'receiveSignals', input },
      }),
    ),
  );
}

const alert = (dedupKey: string, more: Partial<Delivery['firing'][number]> = {}): Delivery => ({
  dedupKey,
  declare: { title: `Alert ${dedupKey}`, severity: 'SEV3', source: 'prometheus' },
  firing: [
    {
      type: 'ALERT',
      source: 'prometheus',
      summary: `Alert ${dedupKey}`,
      fingerprint: dedupKey,
      raisesTo: 'SEV3',
      ...more,
    },
  ],
  cleared: [],
  severity: 'SEV3',
});

const listed = `{ incidents(orderBy: { field: NUMBER, direction: ASC }) {
  nodes { title severity tags signals { nodes { summary } } commander { name } } } }`;
const incidents = async () =>
  (await read<{ incidents: { nodes: Record<string, unknown>[] } }>(listed)).incidents.nodes;
const lost = async () =>
  (
    await read<{ lostSignals: { nodes: Record<string, unknown>[] } }>(
      '{ lostSignals { nodes { hour reason name count lastAt } } }',
    )
  ).lostSignals.nodes;

describe('signals that arrive', () => {
  test('are declared as the first rule that matches says, with the member it names', async () => {
    await set([
      { name: 'noise', services: ['test-*'], outcome: 'DROP' },
      {
        name: 'pay',
        labels: [{ name: 'team', pattern: 'pay*' }],
        outcome: 'DECLARE',
        severity: 'SEV2',
        title: 'Payments: {summary}',
        tags: ['payments'],
        roles: [{ role: 'COMMANDER', userId: toGlobalId('User', here.userId) }],
      },
    ]);
    const json = JSON.stringify({ labels: { team: 'payments' } });
    await receive(alert('one', { data: { json, digest: 'd'.repeat(64) } }));
    await receive(alert('two'));
    expect(await incidents()).toEqual([
      {
        title: 'Payments: Alert one',
        severity: 'SEV2',
        tags: ['payments'],
        signals: { nodes: [{ summary: 'Alert one' }] },
        commander: { name: expect.any(String) },
      },
      {
        title: 'Alert two',
        severity: 'SEV3',
        tags: [],
        signals: { nodes: [{ summary: 'Alert two' }] },
        commander: null,
      },
    ]);
    expect(await compareProjections(running().database, here.organizationId)).toEqual([]);
  });

  test('are counted by rule and hour when they are dropped, and nothing else is written', async () => {
    await set([{ name: 'noise', outcome: 'DROP' }]);
    await receive(alert('one'), alert('one'), alert('two'));
    await receive(alert('one'));
    const at = running().clock.now();
    const hour = `${at.slice(0, 13)}:00:00.000Z`;
    expect(await incidents()).toEqual([]);
    expect(await lost()).toEqual([{ hour, reason: 'DROPPED', name: 'noise', count: 4, lastAt: at }]);
    running().clock.advance(3_600_000);
    await receive(alert('one'));
    expect((await lost()).map(({ count }) => count)).toEqual([1, 4]);
    running().clock.advance(32 * 24 * 3_600_000);
    await receive(alert('one'));
    expect((await lost()).map(({ count }) => count)).toEqual([1]);
  });

  test('that only join do so by correlation key, else by service, else are counted', async () => {
    const declaring = { title: 'By service', severity: 'SEV3', service: 'Checkout' };
    await mutate(running(), here.user('ORG_ADMIN'), 'declareIncident', declaring);
    const keyed = { title: 'By key', severity: 'SEV3', correlationKeys: ['deploy-1'] };
    await mutate(running(), here.user('ORG_ADMIN'), 'declareIncident', keyed);
    await set([{ name: 'context', outcome: 'ATTACH_ONLY' }]);
    await receive(
      alert('one', { correlationKey: 'deploy-1', service: 'Checkout' }),
      alert('two', { service: 'checkout' }),
      alert('three', { service: 'Elsewhere' }),
    );
    expect(await incidents()).toMatchObject([
      { title: 'By service', signals: { nodes: [{ summary: 'Alert two' }] } },
      { title: 'By key', signals: { nodes: [{ summary: 'Alert one' }] } },
    ]);
    expect(await lost()).toMatchObject([{ reason: 'NOT_ATTACHED', name: 'context', count: 1 }]);
    await receive(alert('two', { service: 'checkout' }));
    const { signals } = await read<{ signals: { nodes: { summary: string; count: number }[] } }>(
      '{ signals { nodes { summary count } } }',
    );
    expect(Object.fromEntries(signals.nodes.map(({ summary, count }) => [summary, count]))).toEqual({
      'Alert one': 1,
      'Alert two': 2,
    });
    expect(await compareProjections(running().database, here.organizationId)).toEqual([]);
  });
});

describe('a preview', () => {
  const preview = `query($payload: PreviewPayloadInput!) { previewRules(payload: $payload) {
    summary severity outcome rule declares { title severity tags } joins { title }
    steps { rule matches why } } }`;

  test('says what would become of a webhook and why, and writes nothing', async () => {
    await set([
      { name: 'staging', environments: ['staging'], outcome: 'DROP' },
      { name: 'worse', text: ['disk'], outcome: 'DECLARE', severity: 'SEV1', tags: ['disk'] },
    ]);
    const alertOf = (labels: object, summary: string) => ({
      status: 'firing',
      labels: { alertname: 'A', severity: 'warning', ...labels },
      annotations: { summary },
      startsAt: '2026-03-01T11:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: summary,
      generatorURL: '',
    });
    const body = {
      version: '4',
      groupKey: '{}:{}',
      status: 'firing',
      receiver: 'warroom',
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'http://am.example',
      truncatedAlerts: 0,
      alerts: [alertOf({ environment: 'staging' }, 'Slow'), alertOf({}, 'The disk is full')],
    };
    const { previewRules } = await read<{ previewRules: Record<string, unknown>[] }>(preview, {
      payload: { format: 'alertmanager', body },
    });
    expect(previewRules).toMatchObject([
      {
        summary: 'Slow',
        severity: 'SEV3',
        outcome: 'DROP',
        rule: 'staging',
        declares: null,
        steps: [{ rule: 'staging', matches: true, why: 'It matches: every condition is met.' }],
      },
      {
        summary: 'The disk is full',
        outcome: 'DECLARE',
        rule: 'worse',
        declares: { severity: 'SEV1', tags: ['disk'] },
        steps: [
          { rule: 'staging', matches: false, why: 'It names no environment.' },
          { rule: 'worse', matches: true },
        ],
      },
    ]);
    expect(await incidents()).toEqual([]);
    expect(await lost()).toEqual([]);
  });

  test('of a plain signal finds the open incident it would join', async () => {
    const declaring = { title: 'Open', severity: 'SEV3', service: 'Checkout' };
    await mutate(running(), here.user('ORG_ADMIN'), 'declareIncident', declaring);
    await set([{ name: 'context', outcome: 'ATTACH_ONLY' }]);
    const signal = { source: 'x', summary: 'Slow', severity: 'SEV4', service: 'Checkout' };
    const { previewRules } = await read<{ previewRules: object[] }>(preview, { payload: { signal } });
    expect(previewRules).toMatchObject([
      { outcome: 'ATTACH_ONLY', rule: 'context', declares: null, joins: { title: 'Open' } },
    ]);
  });

  test.each([
    ['neither a body nor a signal', {}],
    ['both', { format: 'alertmanager', body: {}, signal: { source: 'x', summary: 'y', severity: 'SEV4' } }],
    ['a format that is not there', { format: 'morse', body: {} }],
    ['a body that is none', { format: 'alertmanager', body: { version: '4' } }],
  ])('of %s is refused', async (_what, payload) => {
    const { errors } = await running().run(here.user('VIEWER'), preview, { payload });
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});

describe('rules', () => {
  test('may not name who is no member, nor be too long together', async () => {
    const roles = [{ role: 'COMMANDER', userId: toGlobalId('User', 'nobody') }];
    expect(await set([{ name: 'a', outcome: 'DECLARE', roles }])).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['rules', '0', 'roles', '0', 'userId'] }],
    });
    const long = Array.from({ length: 100 }, (_, index) => ({
      name: `rule ${index}`,
      outcome: 'DROP',
      text: Array.from({ length: 20 }, (_none, at) => `${at} ${'x'.repeat(190)}`),
    }));
    expect(await set(long)).toMatchObject({ __typename: 'ValidationError', fields: [{ path: [] }] });
    const many = Array.from({ length: 101 }, (_, index) => ({ name: `rule ${index}`, outcome: 'DROP' }));
    expect(await set(many)).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['rules'] }] });
    expect(await set(many.slice(1))).toMatchObject({ __typename: 'SetDetectionRulesPayload' });
  });
});
