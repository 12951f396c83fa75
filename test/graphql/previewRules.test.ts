import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { fixture } from '../inbound/fixture.ts';
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

  const datadogBody = {
    cycle_key: '3187512947120348',
    aggregation_key: '9bd4ac313a4d1e8fae2482df7b77628',
    transition: 'Triggered',
    alert_type: 'error',
    alert_id: '1234567',
    title: 'Slow checkout',
    date: '1795203850000',
  };
  test.each([
    ['alertmanager', () => fixture('alertmanager-firing')],
    ['grafana', () => fixture('grafana-firing')],
    ['datadog', () => datadogBody],
    ['pagerduty', () => fixture('pagerduty-trigger')],
    ['opsgenie', () => ({ message: 'Slow checkout', priority: 'P1' })],
    ['sentry', () => fixture('sentry-issue-created')],
    ['sns', () => ({ Message: JSON.stringify(fixture('cloudwatch-alarm')) })],
    ['json', () => ({ key: 'k', title: 'Slow checkout', severity: 'high' })],
  ])('reads %s', async (format, body) => {
    await world.set([{ name: 'all', outcome: 'DECLARE', tags: ['seen'] }]);
    const { previewRules } = await world.read<{ previewRules: { declares: unknown }[] }>(preview, {
      payload: { format, body: body() },
    });
    expect(previewRules.length).toBeGreaterThan(0);
    for (const one of previewRules) expect(one).toMatchObject({ rule: 'all', declares: { tags: ['seen'] } });
  });

  test.each([
    ['alertmanager', () => fixture('alertmanager-firing'), 'alertname', 'HighErrorRate'],
    ['grafana', () => fixture('grafana-firing'), 'alertname', '*'],
    ['datadog', () => ({ ...datadogBody, tags: 'env:eu,service:checkout' }), 'service', 'checkout'],
    ['pagerduty', () => fixture('published/pagerduty-trigger'), 'load avg', '*'],
    ['opsgenie', () => fixture('published/opsgenie-create'), 'key1', 'value1'],
    ['sentry', () => fixture('sentry-event-alert'), 'browser', 'Chrome*'],
    ['sns', () => ({ Message: JSON.stringify(fixture('cloudwatch-alarm')) }), 'InstanceId', 'i-*'],
  ])('finds the labels of %s', async (format, body, name, pattern) => {
    await world.set([{ name: 'its label', labels: [{ name, pattern }], outcome: 'DECLARE' }]);
    const { previewRules } = await world.read<{ previewRules: { rule: unknown }[] }>(preview, {
      payload: { format, body: body() },
    });
    expect(previewRules.length).toBeGreaterThan(0);
    for (const { rule } of previewRules) expect(rule).toBe('its label');
  });

  test('reads a body as its key is configured, for administrators', async () => {
    const made = await world.do('createApiKey', { name: 'Probe', role: 'MEMBER', scopes: ['INGEST'] });
    const { id: apiKeyId } = made.apiKey as { id: string };
    await world.do('setIngestConfiguration', {
      apiKeyId,
      source: 'probe',
      environment: 'staging',
      severityMap: [{ text: 'awful', severity: 'SEV1' }],
      mapping: '{ "key": name, "title": "Probe " & name, "severity": how }',
    });
    await world.set([{ name: 'probes', sources: ['probe'], environments: ['staging'], outcome: 'DECLARE' }]);
    const payload = { format: 'json', body: { name: 'seven', how: 'awful' }, apiKeyId };
    const asked = await world.api.run(world.here.user('ORG_ADMIN'), preview, { payload });
    expect(asked).toMatchObject({
      errors: [],
      data: { previewRules: [{ severity: 'SEV1', rule: 'probes', declares: { title: 'Probe seven' } }] },
    });
    const viewer = await world.api.run(world.here.user('VIEWER'), preview, { payload });
    expect(viewer.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    const other = await DetectionWorld.found(api);
    for (const id of [apiKeyId, toGlobalId('ApiKey', '01900000-0000-7000-8000-0000000000ff')]) {
      const foreign = { payload: { ...payload, apiKeyId: id } };
      const { errors } = await api.run(other.here.user('ORG_ADMIN'), preview, foreign);
      expect(errors).toMatchObject([
        {
          code: 'BAD_USER_INPUT',
          message: 'payload.apiKeyId must be the id of a key with the scope INGEST.',
        },
      ]);
    }
  });

  test.each([
    ['neither a body nor a signal', {}],
    ['both', { format: 'alertmanager', body: {}, signal: { source: 'x', summary: 'y', severity: 'SEV4' } }],
    ['a format that is not there', { format: 'morse', body: {} }],
    ['a signal with a key', { signal: { source: 'x', summary: 'y', severity: 'SEV4' }, apiKeyId: 'x' }],
    ['an alert of Opsgenie without a message', { format: 'opsgenie', body: { priority: 'P1' } }],
    ['a body that is none', { format: 'alertmanager', body: { version: '4' } }],
  ])('of %s is refused', async (_what, payload) => {
    const { errors } = await world.api.run(world.here.user('VIEWER'), preview, { payload });
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});
