import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

type Firing = ReturnType<typeof alert>['firing'][number];

/** One delivery of several signals, named by their fingerprints. */
function group(signals: Record<string, Partial<Firing>>): ReturnType<typeof alert> {
  const firing = Object.entries(signals).flatMap(([name, more]) => alert(name, more).firing);
  return { ...alert('group'), firing };
}

/** Title → what is attached to it. */
async function attached(): Promise<Record<string, string[]>> {
  const incidents = await world.incidents();
  return Object.fromEntries(
    incidents.map(({ title, signals }) => {
      const { nodes } = signals as { nodes: { summary: string }[] };
      return [title, nodes.map(({ summary }) => summary).sort()];
    }),
  );
}

const declare = (title: string, more: object = {}) =>
  world.do('declareIncident', { title, severity: 'SEV3', ...more });

describe('signals of one delivery that only join', () => {
  test('each join the incident of their own service, or none, as the preview says', async () => {
    await declare('A', { service: 'svc-a' });
    await declare('B', { service: 'svc-b' });
    await world.set([
      { name: 'noise', text: ['noise'], outcome: 'DROP' },
      { name: 'context', outcome: 'ATTACH_ONLY' },
    ]);
    const delivery = group({
      a1: { service: 'svc-a' },
      b: { service: 'svc-b' },
      c: { service: 'svc-c' },
      none: {},
      a2: { service: 'SVC-A' },
      drop: { service: 'svc-b', summary: 'noise' },
    });
    const previewed = [];
    for (const { service = null, summary, source } of delivery.firing) {
      const { previewRules } = await world.read<{ previewRules: { joins: { title: string } | null }[] }>(
        'query($payload: PreviewPayloadInput!) { previewRules(payload: $payload) { outcome joins { title } } }',
        { payload: { signal: { source, summary, severity: 'SEV3', service } } },
      );
      previewed.push(previewRules[0]?.joins?.title ?? null);
    }
    expect(previewed).toEqual(['A', 'B', null, null, 'A', null]);
    await world.receive(delivery);
    expect(await attached()).toEqual({ A: ['Alert a1', 'Alert a2'], B: ['Alert b'] });
    const lost = (await world.lost()).map(({ reason, name, count }) => [reason, name, count]);
    expect(lost.sort()).toEqual([
      ['DROPPED', 'noise', 1],
      ['NOT_ATTACHED', 'context', 2],
    ]);
    // Told again, nothing is attached twice.
    await world.receive(delivery);
    expect(await attached()).toEqual({ A: ['Alert a1', 'Alert a2'], B: ['Alert b'] });
  });

  test('follow their correlation keys before their services', async () => {
    await declare('A', { service: 'svc-a' });
    await declare('K', { correlationKeys: ['k'] });
    await world.set([{ name: 'context', outcome: 'ATTACH_ONLY' }]);
    await world.receive(
      group({
        key: { service: 'svc-a', correlationKey: 'k' },
        other: { service: 'svc-a', correlationKey: 'unknown' },
        plain: { service: 'svc-a' },
      }),
    );
    expect(await attached()).toEqual({ A: ['Alert other', 'Alert plain'], K: ['Alert key'] });
  });

  test('go with what declares beside them', async () => {
    await declare('A', { service: 'svc-a' });
    await world.set([{ name: 'context', services: ['svc-a'], outcome: 'ATTACH_ONLY' }]);
    const delivery = group({ a: { service: 'svc-a' }, b: { service: 'svc-b' } });
    const alerts = delivery.firing.map(({ fingerprint, service, summary }) => ({
      status: 'firing',
      fingerprint,
      startsAt: '2026-11-20T19:00:00Z',
      labels: { alertname: 'Alert', service },
      annotations: { summary },
    }));
    const body = {
      version: '4',
      groupKey: 'g',
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      alerts,
    };
    const { previewRules } = await world.read<{ previewRules: object[] }>(
      'query($payload: PreviewPayloadInput!) { previewRules(payload: $payload) { outcome joinsDeclared joins { title } } }',
      {
        payload: {
          format: 'alertmanager',
          body: { ...body, status: 'firing', receiver: 'r', externalURL: 'http://a' },
        },
      },
    );
    expect(previewRules).toEqual([
      { outcome: 'ATTACH_ONLY', joinsDeclared: true, joins: null },
      { outcome: 'DECLARE', joinsDeclared: false, joins: null },
    ]);
    await world.receive(delivery);
    expect(await attached()).toEqual({ A: [], 'Alert group': ['Alert a', 'Alert b'] });
  });
});
