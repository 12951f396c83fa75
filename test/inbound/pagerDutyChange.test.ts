import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plusMinutes } from '../../src/domain/instant.ts';
import { readPagerDutyChange } from '../../src/inbound/pagerDutyChange.ts';
import { sweep } from '../../src/store/sweep.ts';
import { type FakeClock, fakeClock } from '../support/fakeClock.ts';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { makeKey } from './opsgenieClient.ts';

/** As PagerDuty's documentation has it. */
const documented = {
  routing_key: 'samplekeyhere',
  payload: {
    summary: 'Build Success: Increase snapshot create timeout to 30 seconds',
    timestamp: '2025-12-31T23:42:58.315+0000',
    source: 'acme-build-pipeline-tool-default-i-9999',
    custom_details: { build_state: 'passed', build_number: '2', run_time: '1236s' },
  },
  links: [{ href: 'https://acme.pagerduty.dev/build/2', text: 'View more details in Acme!' }],
};

let serving: Serving;
let clock: FakeClock;
let key = '';

beforeAll(async () => {
  clock = fakeClock();
  serving = await startServing({ clock });
  key = await makeKey(serving.url, 'deploys');
}, 60_000);
afterAll(() => serving?.stop(), 30_000);

async function send(body: object) {
  const response = await fetch(`${serving.url}/v2/change/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const change = (summary: string, payload: object = {}) => ({
  routing_key: key,
  payload: { summary, timestamp: plusMinutes(clock.now(), -10), ...payload },
});

const accepted = { status: 202, body: { status: 'success', message: 'Change event processed' } };

async function summaries(filter: object): Promise<string[]> {
  const query = `query ($filter: ChangeFilter) {
    changes(filter: $filter, first: 50) { edges { node { summary } } } }`;
  const { data, errors } = await post<{ changes: { edges: { node: { summary: string } }[] } }>(
    serving.url,
    servingKey,
    query,
    { filter },
  );
  expect(errors).toEqual([]);
  return data?.changes.edges.map(({ node }) => node.summary) ?? [];
}

describe('a change event', () => {
  it('is answered as PagerDuty does, and once however often it is delivered', async () => {
    const body = { ...documented, routing_key: key };
    expect(await send(body)).toEqual(accepted);
    expect(await send(body)).toEqual(accepted);
    const { data } = await post<{ changes: { edges: { node: object }[] } }>(
      serving.url,
      servingKey,
      `{ changes(filter: { source: ["acme-build-pipeline-tool-default-i-9999"] }) { edges { node {
        __typename id at summary source serviceName environment details links { href text } } } } }`,
    );
    expect(data?.changes.edges.map(({ node }) => node)).toEqual([
      {
        __typename: 'Change',
        id: expect.any(String),
        at: '2025-12-31T23:42:58.315Z',
        summary: documented.payload.summary,
        source: documented.payload.source,
        serviceName: null,
        environment: null,
        details: documented.payload.custom_details,
        links: documented.links,
      },
    ]);
  });

  it('that says no instant is one with the same words of the same minutes', async () => {
    const body = { routing_key: key, payload: { summary: 'Restarted', source: 'cron' } };
    await send(body);
    await send(body);
    expect(await summaries({ source: ['cron'] })).toEqual(['Restarted']);
    clock.advance(5 * 60_000);
    await send(body);
    expect(await summaries({ source: ['cron'] })).toEqual(['Restarted', 'Restarted']);
  });

  it('of the hour before shows on an incident, of its service and environment or of none', async () => {
    clock.advance(24 * 60 * 60_000);
    const details = (service: string, environment: string | null = null) => ({
      custom_details: { service, ...(environment === null ? {} : { environment }) },
    });
    await send(change('ours', details(' checkout ')));
    await send(change('ours in production', details('Checkout', 'Production')));
    await send(change('ours in staging', details('Checkout', 'staging')));
    await send(change('theirs', details('Search')));
    await send(change('of nobody in particular'));
    await send(
      change('ours, long ago', { ...details('Checkout'), timestamp: plusMinutes(clock.now(), -90) }),
    );
    await send(change('ours, to come', { ...details('Checkout'), timestamp: plusMinutes(clock.now(), 90) }));
    const selection = 'incident { service { id } recentChanges { summary } }';
    const of = async (input: object) => {
      const { incident } = await mutate<{
        incident: { service: { id: string } | null; recentChanges: { summary: string }[] };
      }>(
        serving.url,
        servingKey,
        'declareIncident',
        { title: 'Down', severity: 'SEV3', ...input },
        selection,
      );
      return { ...incident, changes: incident.recentChanges.map(({ summary }) => summary).sort() };
    };
    const checkout = await of({ service: 'Checkout', environment: 'production' });
    const ours = ['of nobody in particular', 'ours', 'ours in production', 'ours, to come'];
    expect(checkout.changes).toEqual(ours);
    expect((await of({ service: 'Checkout', startedAt: plusMinutes(clock.now(), -60) })).changes).toEqual([
      'ours, long ago',
    ]);
    expect((await of({})).changes).toContain('theirs');
    const filtered = await summaries({ serviceId: checkout.service?.id, environment: ['staging'] });
    expect(filtered).toEqual(['ours in staging']);
  });

  it('is forgotten after 90 days', async () => {
    await send(change('kept for a while', { source: 'sweep' }));
    await sweep(serving.database, 'changes', plusMinutes(clock.now(), 90 * 24 * 60));
    expect(await summaries({ source: ['sweep'] })).toEqual(['kept for a while']);
    await sweep(serving.database, 'changes', plusMinutes(clock.now(), 90 * 24 * 60 + 1));
    expect(await summaries({})).toEqual([]);
  });

  const invalid = { status: 'invalid event', message: 'Event object is invalid' };
  it.each([
    ['no routing key', { payload: { summary: 'x' } }, ["'routing_key' is missing or blank"]],
    ['no payload', { routing_key: 'k' }, ["'payload' is missing or blank"]],
    ['an odd payload', { routing_key: 'k', payload: 'x' }, ["'payload' is not an object"]],
    ['no summary', { routing_key: 'k', payload: {} }, ["'payload.summary' is missing or blank"]],
    [
      'an odd timestamp',
      { routing_key: 'k', payload: { summary: 'x', timestamp: 'now' } },
      ["'payload.timestamp' is invalid (must be ISO 8601)"],
    ],
    ['an unknown key', documented, ['Invalid routing key']],
  ])('with %s is refused in the words of PagerDuty', async (_what, body, errors) => {
    expect(await send(body)).toEqual({ status: 400, body: { ...invalid, errors } });
  });

  it('with a key that may do more is refused', async () => {
    const errors = ['Invalid routing key: an API key with scope INGEST alone is needed'];
    expect(await send({ ...documented, routing_key: servingKey })).toEqual({
      status: 400,
      body: { ...invalid, errors },
    });
  });

  it('keeps the key it came with to itself, and no link that leads nowhere', () => {
    const read = readPagerDutyChange({
      ...documented,
      links: [{ href: 'javascript:alert(1)' }, 7, { href: 'https://wiki.example' }],
    });
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    expect(JSON.stringify(read.change)).not.toContain('samplekeyhere');
    expect(JSON.parse(read.change.links)).toEqual([{ href: 'https://wiki.example', text: null }]);
  });
});
