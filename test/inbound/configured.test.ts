import { describe, expect, it } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { type IngestConfiguration, unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import { createKeyThrottle } from '../../src/inbound/keyThrottle.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { fixture } from './fixture.ts';
import { once, quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

function keyed(configuration: Partial<IngestConfiguration>): Principal {
  return { ...ingest, ingest: { ...unconfigured, version: 1, ...configuration } };
}

const genieKey = { authorization: 'GenieKey key', 'content-length': '1' };

/** What the one incident of this delivery is, with a key that is configured so. */
async function delivered(configuration: Partial<IngestConfiguration>, path: string, body: object) {
  const switchboard = new Switchboard();
  const inbound = createInbound({
    ...quiet,
    handle: switchboard.handle,
    authenticateKey: () => keyed(configuration),
  });
  const request = {
    method: 'POST',
    headers: genieKey,
    body: once(JSON.stringify(body)),
    remoteAddress: null,
  };
  const reply = await inbound({ ...request, path });
  expect([200, 202]).toContain(reply?.status);
  const [asked] = switchboard.requests;
  if (asked?.command.name !== 'receiveSignals') throw new Error('Nothing was asked.');
  return asked.command.input;
}

const datadogAlert = { cycle_key: 'c1', transition: 'Triggered', alert_type: 'error', title: 'Down' };
const bare = { routing_key: 'key', event_action: 'trigger', dedup_key: 'd' };
const event = { ...bare, payload: { summary: 'Down', source: 'web-1', severity: 'error' } };
const alert = {
  version: '4',
  groupKey: 'g',
  status: 'firing',
  alerts: [{ status: 'firing', labels: { alertname: 'Down', severity: 'error' } }],
};

describe.each([
  ['Alertmanager', '/inbound/alertmanager/key', alert, 'error'],
  ['Grafana', '/inbound/grafana/key', { ...alert, version: '1' }, 'error'],
  ['Datadog', '/inbound/datadog/key', datadogAlert, 'error'],
  ['PagerDuty', '/v2/enqueue', event, 'error'],
  ['Opsgenie', '/v2/alerts', { message: 'Down', priority: 'P2' }, 'P2'],
])('%s', (_name, path, body, written) => {
  it('is read as its key says', async () => {
    const place = { source: 'shop', service: 'checkout', project: 'store', environment: 'eu' };
    const severityMap = [{ text: written.toLowerCase(), severity: 'SEV1' as const }];
    const { declare, firing } = await delivered({ ...place, severityMap }, path, body);
    expect(declare).toMatchObject({ ...place, severity: 'SEV1' });
    expect(firing).toMatchObject([{ ...place, severity: written, raisesTo: 'SEV1' }]);
  });

  it('as its format says where its key says nothing', async () => {
    const { declare } = await delivered({}, path, body);
    expect(declare).toMatchObject({ severity: 'SEV2' });
    expect(declare.service ?? null).toBeNull();
    expect(declare.source).not.toBe('shop');
  });
});

it('what a delivery says of itself goes before its key', async () => {
  const tags = 'service:search,env:us,project:web';
  const place = { service: 'checkout', project: 'store', environment: 'eu' };
  const input = await delivered(place, '/inbound/datadog/key', { ...datadogAlert, tags });
  expect(input.declare).toMatchObject({ service: 'search', project: 'web', environment: 'us' });
});

it('a severity on no list is the default of its key', async () => {
  const odd = { ...alert, alerts: [{ status: 'firing', labels: { severity: 'odd' } }] };
  const input = await delivered({ defaultSeverity: 'SEV4' }, '/inbound/alertmanager/key', odd);
  expect(input.declare.severity).toBe('SEV4');
});

it('a key configured with another name still finds its incidents', async () => {
  const keys = await Promise.all(
    ['one', 'other'].map((source) =>
      delivered({ source }, '/inbound/alertmanager/key', fixture('alertmanager-firing')),
    ),
  );
  expect(new Set(keys.map(({ dedupKey }) => dedupKey)).size).toBe(1);
});

describe('the limit of a key', () => {
  function limited(requestsPerMinute: number | null) {
    let now = 1_000_000;
    const sentAway: string[] = [];
    const throttle = createKeyThrottle(
      ({ credentialId }) => sentAway.push(credentialId),
      () => now,
    );
    const principal = keyed({ requestsPerMinute });
    return {
      sentAway,
      ask: (credentialId = 'a') => throttle({ ...principal, credentialId }),
      pass: (milliseconds: number) => {
        now += milliseconds;
      },
    };
  }

  it('is so many at once, then one more with each share of the minute', () => {
    const key = limited(3);
    expect([key.ask(), key.ask(), key.ask()]).toEqual([null, null, null]);
    expect(key.ask()).toBeCloseTo(20, 3);
    expect(key.ask('b')).toBeNull();
    key.pass(19_000);
    expect(key.ask()).toBeCloseTo(1, 3);
    key.pass(1_000);
    expect([key.ask(), key.ask()]).toEqual([null, expect.closeTo(20, 3)]);
    expect(key.sentAway).toEqual(['a', 'a', 'a']);
  });

  it.each([1, 7, 100_000])('of %d lets as many through in an idle minute, not one more', (limit) => {
    const key = limited(limit);
    for (let minute = 0; minute < 3; minute++) {
      let passed = 0;
      while (key.ask() === null) passed += 1;
      expect(passed).toBe(limit);
      key.pass(60_000);
    }
  });

  it('may be none', () => {
    const key = limited(null);
    expect(Array.from({ length: 10_000 }, () => key.ask()).every((wait) => wait === null)).toBe(true);
  });
});
