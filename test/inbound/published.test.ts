import { createHmac } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import type { IncidentCommandInputs } from '../../src/domain/incident/commands.ts';
import { datadogTemplate } from '../../src/inbound/datadog.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { Amazon } from './amazon.ts';
import { fixture } from './fixture.ts';
import { once, quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

// Bodies as their senders publish them, in their documentation or as somebody recorded one, through the one door. People,
// addresses and accounts in them are replaced, and of a stack trace one frame is left; every other field stands.

const amazon = new Amazon();
const secret = 'the client secret of the integration';
const now = '2026-11-20T21:10:00.000Z';
let switchboard = new Switchboard();
let buried: {
  readonly format: string;
  readonly problems: readonly { readonly path: readonly string[] }[];
}[] = [];

beforeEach(() => {
  switchboard = new Switchboard();
  buried = [];
});

const inbound = createInbound({
  ...quiet,
  handle: (request) => switchboard.handle(request),
  now: () => now,
  signingSecretOf: async () => secret,
  fetchFromAmazon: amazon.fetch,
  deadLetters: {
    keep: async (_principal: Principal, letter: (typeof buried)[number]) => void buried.push(letter),
  },
});

async function send(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const text = JSON.stringify(body);
  const length = { 'content-length': String(Buffer.byteLength(text)) };
  const request = { method: 'POST', path, headers: { ...length, ...headers }, remoteAddress: null };
  return (await inbound({ ...request, body: once(text) }))?.status;
}

/** What was asked for with the delivery that came last. */
function asked(): IncidentCommandInputs['receiveSignals'] {
  const command = switchboard.requests.at(-1)?.command;
  if (command?.name !== 'receiveSignals') throw new Error('Nothing was delivered.');
  return command.input;
}

/** Sentry's webhook, signed as Sentry signs. */
function sendSentry(body: object) {
  const signature = createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex');
  return send('/inbound/sentry/key', body, {
    'sentry-hook-signature': signature,
    'sentry-hook-timestamp': String(Date.parse(now) / 1_000),
  });
}

/** CloudWatch's alarm, in a notification signed as Amazon signs. */
function sendAlarm(alarm: object) {
  const message = { ...fixture('sns-notification'), Message: JSON.stringify(alarm), Timestamp: now };
  return send('/inbound/sns/key', amazon.signed(message));
}

// Source: https://developer.pagerduty.com/docs/send-alert-event
it('PagerDuty: trigger', async () => {
  expect(await send('/v2/enqueue', fixture('published/pagerduty-trigger'))).toBe(202);
  expect(asked()).toMatchObject({
    dedupKey: `pagerduty:${ingest.credentialId}:samplekeyhere`,
    severity: 'SEV4',
    declare: {
      title: 'Example alert on host1.example.com',
      type: 'deploy',
      service: 'postgres',
      detectedAt: '2015-07-17T08:42:58.315Z',
      externalRefs: [
        { system: 'Sample Monitoring Service', url: 'https://monitoring.example.com' },
        { system: 'link', id: 'Link text', url: 'https://example.com/' },
      ],
    },
  });
  const { routing_key: _key, ...kept } = fixture('published/pagerduty-trigger');
  expect(JSON.parse(asked().firing[0]?.data?.json ?? 'null')).toEqual(kept);
});

// Source: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
it('Grafana Alerting: two alerts of a group without labels', async () => {
  expect(await send('/inbound/grafana/key', fixture('published/grafana-firing'))).toBe(200);
  expect(asked()).toMatchObject({
    dedupKey: `grafana:${ingest.credentialId}:{}:{}`,
    declare: {
      title: 'High memory usage',
      severity: 'SEV3',
      // The published body leaves out what its alerts have in common.
      runbook: null,
      detectedAt: '2021-10-12T07:51:03.157Z',
    },
    firing: [
      { fingerprint: 'c6eadffa33fcdf37', summary: 'This alert was triggered for zone us-1' },
      { fingerprint: 'bc97ff14869b13e3', summary: 'This alert was triggered for zone eu-1' },
    ],
  });
  expect(switchboard.last.incident).toMatchObject({ openSignalCount: 2 });
});

// Source: https://docs.sentry.io/organization/integrations/integration-platform/webhooks/issues/
it('Sentry: an issue', async () => {
  expect(await sendSentry(fixture('published/sentry-issue-created'))).toBe(200);
  expect(asked()).toMatchObject({
    dedupKey: `sentry:${ingest.credentialId}:issue:1170820242`,
    declare: {
      title: 'ReferenceError: blooopy is not defined',
      severity: 'SEV2',
      project: 'front-end',
      detectedAt: '2019-08-19T20:58:37.391Z',
      externalRefs: [{ id: 'FRONT-END-9', url: null }],
    },
  });
});

// Source: https://docs.sentry.io/organization/integrations/integration-platform/webhooks/issue-alerts/
it('Sentry: an issue alert', async () => {
  expect(await sendSentry(fixture('published/sentry-issue-alert'))).toBe(200);
  expect(asked()).toMatchObject({
    dedupKey: `sentry:${ingest.credentialId}:issue:1117540176`,
    declare: {
      title: 'ReferenceError: heck is not defined',
      description: 'Alert rule: Very Important Alert Rule!\n?(<anonymous>)',
      severity: 'SEV2',
      project: 'front-end',
      detectedAt: '2019-08-19T21:06:17.677Z',
      externalRefs: [
        {
          url: 'https://sentry.io/organizations/test-org/issues/1117540176/events/e4874d664c3540c1a32eab185f12c5ab/',
        },
      ],
    },
  });
});

// Source: https://docs.sentry.io/organization/integrations/integration-platform/webhooks/metric-alerts/
it('Sentry: a metric alert is resolved, having been critical', async () => {
  const resolved = fixture('published/sentry-metric-alert');
  expect(await sendSentry(resolved)).toBe(200);
  expect(switchboard.stories).toEqual([]);
  expect(await sendSentry({ ...resolved, action: 'critical' })).toBe(200);
  expect(asked()).toMatchObject({
    dedupKey: `sentry:${ingest.credentialId}:metric:4`,
    declare: {
      title: 'Too many errors',
      severity: 'SEV1',
      project: 'bar',
      externalRefs: [{ id: '4', url: 'https://sentry.io/organizations/baz/alerts/1/' }],
    },
  });
  expect(await sendSentry(resolved)).toBe(200);
  expect(switchboard.last.incident).toMatchObject({ signalCount: 1, openSignalCount: 0 });
});

// Source: https://github.com/aws/aws-lambda-go, events/testdata/cloudwatch-alarm-sns-payload-multiple-metrics.json
it('CloudWatch: an alarm of an expression names the metrics it is made of', async () => {
  expect(await sendAlarm(fixture('published/cloudwatch-metric-math'))).toBe(200);
  expect(asked().declare).toMatchObject({
    title: 'EXAMPLE',
    detectedAt: '2015-06-03T17:43:27.123Z',
    externalRefs: [{ system: 'cloudwatch', url: null }],
  });
  expect(asked().declare.description).toContain('AWS/EC2 NetworkOut\nInstanceId=TestInstance\n');
});

// Recorded by the users of a public project.
it('CloudWatch: an alarm of other alarms says its rule, and is over by itself', async () => {
  const composite = fixture('published/cloudwatch-composite');
  expect(await sendAlarm(composite)).toBe(200);
  expect(asked().declare).toMatchObject({
    title: 'test_node_monitor',
    severity: 'SEV3',
    detectedAt: '2021-11-10T02:45:55.640Z',
  });
  const rule = `Rule: ${composite.AlarmRule}\nAccount 123456789012, US East (N. Virginia)`;
  expect(asked().declare.description).toBe(`${composite.NewStateReason}\n${rule}`);
  expect(await sendAlarm({ ...composite, NewStateValue: 'OK', OldStateValue: 'ALARM' })).toBe(200);
  expect(switchboard.last.incident).toMatchObject({ status: 'RESOLVED' });
});

// Source: https://docs.datadoghq.com/integrations/webhooks/, the examples of the variables
it('Datadog: the template, filled in with the examples of its variables', async () => {
  const examples: Readonly<Record<string, string>> = {
    $AGGREG_KEY: '9bd4ac313a4d1e8fae2482df7b77628',
    $ALERT_ID: '1234',
    $ALERT_PRIORITY: 'P1',
    $ALERT_SCOPE: 'availability-zone:us-east-1a, role:computing-node',
    $ALERT_TITLE: 'Host CPU usage',
    $ALERT_TRANSITION: 'Triggered',
    $ALERT_TYPE: 'error',
    $DATE: '1406662672000',
    $EVENT_TITLE: '[Triggered] [Memory Alert]',
    $HOSTNAME: 'my-host',
    $LINK: 'https://app.datadoghq.com/event/jump_to?event_id=123456',
    $TAGS: 'monitor, name:myService, role:computing-node',
  };
  const filledIn = Object.entries(datadogTemplate).map(([name, variable]) => [
    name,
    examples[variable] ?? variable,
  ]);
  expect(await send('/inbound/datadog/key', Object.fromEntries(filledIn))).toBe(200);
  expect(asked()).toMatchObject({
    dedupKey: `datadog:${ingest.credentialId}:9bd4ac313a4d1e8fae2482df7b77628`,
    severity: 'SEV1',
    declare: {
      title: 'Host CPU usage',
      detectedAt: '2014-07-29T19:37:52.000Z',
      externalRefs: [{ id: '1234', url: 'https://app.datadoghq.com/event/jump_to?event_id=123456' }],
    },
  });
});

// Source: https://github.com/relay-integrations/datadog, triggers/event-fired/README.md
it('Datadog: what it sends without the template is kept, and says what is missing', async () => {
  expect(await send('/inbound/datadog/key', fixture('published/datadog-without-template'))).toBe(400);
  expect(switchboard.requests).toEqual([]);
  expect(buried).toMatchObject([
    { format: 'datadog', problems: [{ path: ['transition'] }, { path: ['cycle_key'] }] },
  ]);
});

// Source: https://docs.opsgenie.com/docs/alert-api#create-alert
it('Opsgenie: an alert with all that one can have', async () => {
  const body = fixture('published/opsgenie-create');
  expect(await send('/v2/alerts', body, { authorization: 'GenieKey key' })).toBe(202);
  expect(asked()).toMatchObject({
    dedupKey: `opsgenie:${ingest.credentialId}:Life is too short for no alias`,
    severity: 'SEV1',
    declare: {
      title: 'An example alert message',
      description:
        'Every alert needs a description\n\nentity: An example entity\n\nDetails: key1=value1, key2=value2',
      tags: ['OverwriteQuietHours', 'Critical'],
    },
  });
  expect(JSON.parse(asked().firing[0]?.data?.json ?? 'null')).toEqual(body);
});
