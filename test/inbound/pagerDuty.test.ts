import { describe, expect, it } from 'vitest';
import { pagerDuty, readPagerDutyEvent } from '../../src/inbound/pagerDuty.ts';
import { fixture } from './fixture.ts';

const context = { apiKeyId: 'key' };
const trigger = {
  routing_key: 'secret',
  event_action: 'trigger',
  dedup_key: 'db-1/disk',
  payload: { summary: 'Disk full', source: 'db-1', severity: 'critical' },
};

function translated(body: unknown, dedupKey = 'db-1/disk') {
  const found = readPagerDutyEvent(body);
  if ('problems' in found) throw new Error(JSON.stringify(found.problems));
  return pagerDuty(found.event, dedupKey, context);
}

function errorsOf(body: unknown): string[] {
  const found = readPagerDutyEvent(body);
  return 'problems' in found ? found.problems.map(({ message }) => message) : [];
}

describe('an event', () => {
  it('that triggers', () => {
    const command = translated({
      ...trigger,
      client: 'Nagios',
      client_url: 'https://nagios.example/1',
      links: [{ href: 'https://wiki.example/disk', text: 'Wiki' }, { href: 'javascript:alert(1)' }, 7],
      payload: {
        ...trigger.payload,
        timestamp: '2026-01-01T12:00:00.5+01:00',
        component: 'postgres',
        class: 'disk',
        group: 'shop',
        custom_details: { environment: 'production', trace_id: 't1', correlation_key: 'c1', free: '0 %' },
      },
    });
    expect(command).toMatchObject({
      dedupKey: 'pagerduty:key:db-1/disk',
      severity: 'SEV1',
      resolve: false,
      acknowledge: null,
      declare: {
        title: 'Disk full',
        severity: 'SEV1',
        source: 'pagerduty',
        type: 'disk',
        service: 'postgres',
        environment: 'production',
        detectedAt: '2026-01-01T11:00:00.500Z',
        description: 'Disk full\nsource: db-1\ncomponent: postgres\ngroup: shop\nclass: disk',
        externalRefs: [
          { system: 'Nagios', id: 'db-1/disk', url: 'https://nagios.example/1' },
          { system: 'link', id: 'Wiki', url: 'https://wiki.example/disk' },
        ],
      },
      firing: [
        { fingerprint: 'db-1/disk:critical', traceId: 't1', correlationKey: 'c1', severity: 'critical' },
      ],
    });
    expect(command.firing[0]?.data?.json).toContain('"free":"0 %"');
  });

  it('keeps the key it came with to itself', () => {
    expect(JSON.stringify(translated(trigger))).not.toContain('secret');
  });

  it('that acknowledges', () => {
    const body = {
      routing_key: 'secret',
      event_action: 'acknowledge',
      dedup_key: 'db-1/disk',
      client: 'Nagios',
    };
    expect(translated(body)).toMatchObject({
      firing: [],
      acknowledge: { note: 'Acknowledged through Nagios.' },
      resolve: false,
      severity: null,
    });
  });

  it('that resolves', () => {
    const body = { routing_key: 'secret', event_action: 'resolve', dedup_key: 'db-1/disk' };
    expect(translated(body)).toMatchObject({ firing: [], acknowledge: null, resolve: true, severity: null });
  });

  it.each([
    ['critical', 'SEV1'],
    ['error', 'SEV2'],
    ['warning', 'SEV3'],
    ['info', 'SEV4'],
  ])('of severity %s is %s', (severity, expected) => {
    expect(translated({ ...trigger, payload: { ...trigger.payload, severity } }).severity).toBe(expected);
  });

  it('as PagerDuty documents it', () => {
    const command = translated({
      payload: {
        summary: 'DISK at 99% on machine prod-datapipe03.example.com',
        timestamp: '2015-07-17T08:42:58.315+0000',
        severity: 'critical',
        source: 'prod-datapipe03.example.com',
        component: 'mysql',
        group: 'prod-datapipe',
        class: 'disk',
        custom_details: { 'free space': '1%', 'ping time': '1500ms', 'load avg': 0.75 },
      },
      routing_key: 'e93facc04764012d7bfb002500d5d1a6',
      dedup_key: 'srv01/mysql',
      event_action: 'trigger',
      client: 'Sample Monitoring Service',
      client_url: 'https://monitoring.service.com',
      links: [{ href: 'http://pagerduty.example.com', text: 'An example link.' }],
      images: [{ src: 'https://charts.example/1.png', href: 'https://google.com', alt: 'An example image' }],
    });
    expect(command.declare).toMatchObject({
      severity: 'SEV1',
      service: 'mysql',
      detectedAt: '2015-07-17T08:42:58.315Z',
      externalRefs: [
        { system: 'Sample Monitoring Service', url: 'https://monitoring.service.com' },
        { system: 'link', id: 'An example link.', url: 'http://pagerduty.example.com' },
      ],
    });
    expect(command.firing[0]?.data?.json).toContain('https://charts.example/1.png');
  });

  it('as Alertmanager sends it', () => {
    const { dedup_key } = fixture('pagerduty-trigger') as { dedup_key: string };
    const fired = translated(fixture('pagerduty-trigger'), dedup_key);
    expect(fired.declare.title).toBe('[FIRING:2] HighErrorRate eu-1 (production checkout)');
    const over = translated(fixture('pagerduty-resolve'), dedup_key);
    expect(over).toMatchObject({ dedupKey: fired.dedupKey, resolve: true });
  });
});

describe('an invalid event is answered in the words of PagerDuty', () => {
  const { payload } = trigger;
  const table: [string, unknown, string[]][] = [
    ['a list', [], ['The body is not a JSON object']],
    [
      'nothing',
      {},
      [
        "'routing_key' is missing or blank",
        "'event_action' is missing or blank",
        "'dedup_key' is missing or blank",
      ],
    ],
    [
      'an odd action',
      { ...trigger, event_action: 'page' },
      ["'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"],
    ],
    ['no payload', { ...trigger, payload: undefined }, ["'payload' is missing or blank"]],
    ['an odd payload', { ...trigger, payload: 'x' }, ["'payload' is not an object"]],
    [
      'an empty payload',
      { ...trigger, payload: {} },
      [
        "'payload.summary' is missing or blank",
        "'payload.source' is missing or blank",
        "'payload.severity' is missing or blank",
      ],
    ],
    [
      'an odd severity',
      { ...trigger, payload: { ...payload, severity: 'page' } },
      [
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
      ],
    ],
    [
      'an odd timestamp',
      { ...trigger, payload: { ...payload, timestamp: 'now' } },
      ["'payload.timestamp' is invalid (must be ISO 8601)"],
    ],
    [
      'a long dedup key',
      { ...trigger, dedup_key: 'x'.repeat(256) },
      ["'dedup_key' is too long (maximum is 255 characters)"],
    ],
    [
      'a resolve without a dedup key',
      { routing_key: 'k', event_action: 'resolve' },
      ["'dedup_key' is missing or blank"],
    ],
  ];
  it.each(table)('%s', (_what, body, errors) => {
    expect(errorsOf(body)).toEqual(errors);
  });

  it('a trigger needs no dedup key', () => {
    expect(errorsOf({ ...trigger, dedup_key: undefined })).toEqual([]);
  });
});
