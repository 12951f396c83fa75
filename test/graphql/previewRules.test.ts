import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { DetectionWorld } from './detectionWorld.ts';

let api: TestApi;
let world: DetectionWorld;
beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  world = await DetectionWorld.found(api);
});
afterAll(() => api?.close());

describe('a preview', () => {
  const preview = `query($payload: PreviewPayloadInput!) { previewRules(payload: $payload) {
    summary severity outcome rule declares { title severity tags } joins { title }
    steps { rule matches why } } }`;

  test('says what would become of a webhook and why, and writes nothing', async () => {
    await world.set([
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
    const { previewRules } = await world.read<{ previewRules: Record<string, unknown>[] }>(preview, {
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
    expect(await world.incidents()).toEqual([]);
    expect(await world.lost()).toEqual([]);
  });

  test('of a plain signal finds the open incident it would join', async () => {
    const declaring = { title: 'Open', severity: 'SEV3', service: 'Checkout' };
    await world.do('declareIncident', declaring);
    await world.set([{ name: 'context', outcome: 'ATTACH_ONLY' }]);
    const signal = { source: 'x', summary: 'Slow', severity: 'SEV4', service: 'Checkout' };
    const { previewRules } = await world.read<{ previewRules: object[] }>(preview, { payload: { signal } });
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
    const { errors } = await world.api.run(world.here.user('VIEWER'), preview, { payload });
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});
