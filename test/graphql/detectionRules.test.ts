import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { alert, DetectionWorld } from './detectionWorld.ts';

let api: TestApi;
let world: DetectionWorld;
beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  world = await DetectionWorld.found(api);
});
afterAll(() => api?.close());

describe('signals that arrive', () => {
  test('are declared as the first rule that matches says, with the member it names', async () => {
    await world.set([
      { name: 'noise', services: ['test-*'], outcome: 'DROP' },
      {
        name: 'pay',
        labels: [{ name: 'team', pattern: 'pay*' }],
        outcome: 'DECLARE',
        severity: 'SEV2',
        title: 'Payments: {summary}',
        tags: ['payments'],
        roles: [{ role: 'COMMANDER', userId: toGlobalId('User', world.here.userId) }],
      },
    ]);
    const json = JSON.stringify({ labels: { team: 'payments' } });
    await world.receive(alert('one', { data: { json, digest: 'd'.repeat(64) } }));
    await world.receive(alert('two'));
    expect(await world.incidents()).toEqual([
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
    expect(await compareProjections(world.api.database, world.here.organizationId)).toEqual([]);
  });

  test('are counted by rule and hour when they are dropped, and nothing else is written', async () => {
    await world.set([{ name: 'noise', outcome: 'DROP' }]);
    await world.receive(alert('one'), alert('one'), alert('two'));
    await world.receive(alert('one'));
    const at = world.api.clock.now();
    const hour = `${at.slice(0, 13)}:00:00.000Z`;
    expect(await world.incidents()).toEqual([]);
    expect(await world.lost()).toEqual([{ hour, reason: 'DROPPED', name: 'noise', count: 4, lastAt: at }]);
    world.api.clock.advance(3_600_000);
    await world.receive(alert('one'));
    expect((await world.lost()).map(({ count }) => count)).toEqual([1, 4]);
    world.api.clock.advance(32 * 24 * 3_600_000);
    await world.receive(alert('one'));
    expect((await world.lost()).map(({ count }) => count)).toEqual([1]);
  });

  test('that only join do so by correlation key, else by service, else are counted', async () => {
    const declaring = { title: 'By service', severity: 'SEV3', service: 'Checkout' };
    await world.do('declareIncident', declaring);
    const keyed = { title: 'By key', severity: 'SEV3', correlationKeys: ['deploy-1'] };
    await world.do('declareIncident', keyed);
    await world.set([{ name: 'context', outcome: 'ATTACH_ONLY' }]);
    await world.receive(
      alert('one', { correlationKey: 'deploy-1', service: 'Checkout' }),
      alert('two', { service: 'checkout' }),
      alert('three', { service: 'Elsewhere' }),
    );
    expect(await world.incidents()).toMatchObject([
      { title: 'By service', signals: { nodes: [{ summary: 'Alert two' }] } },
      { title: 'By key', signals: { nodes: [{ summary: 'Alert one' }] } },
    ]);
    expect(await world.lost()).toMatchObject([{ reason: 'NOT_ATTACHED', name: 'context', count: 1 }]);
    await world.receive(alert('two', { service: 'checkout' }));
    const { signals } = await world.read<{ signals: { nodes: { summary: string; count: number }[] } }>(
      '{ signals { nodes { summary count } } }',
    );
    expect(Object.fromEntries(signals.nodes.map(({ summary, count }) => [summary, count]))).toEqual({
      'Alert one': 1,
      'Alert two': 2,
    });
    expect(await compareProjections(world.api.database, world.here.organizationId)).toEqual([]);
  });
});

describe('rules', () => {
  test('may not name who is no member, nor be too long together', async () => {
    const roles = [{ role: 'COMMANDER', userId: toGlobalId('User', 'nobody') }];
    expect(await world.set([{ name: 'a', outcome: 'DECLARE', roles }])).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['rules', '0', 'roles', '0', 'userId'] }],
    });
    const long = Array.from({ length: 100 }, (_, index) => ({
      name: `rule ${index}`,
      outcome: 'DROP',
      text: Array.from({ length: 20 }, (_none, at) => `${at} ${'x'.repeat(190)}`),
    }));
    expect(await world.set(long)).toMatchObject({ __typename: 'ValidationError', fields: [{ path: [] }] });
    const many = Array.from({ length: 101 }, (_, index) => ({ name: `rule ${index}`, outcome: 'DROP' }));
    expect(await world.set(many)).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['rules'] }],
    });
    expect(await world.set(many.slice(1))).toMatchObject({ __typename: 'SetDetectionRulesPayload' });
  });
});
