import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  const elsewhere = await api.found('elsewhere');
  // The same everywhere else: nothing of it may show.
  await declared('Elsewhere', { service: 'Checkout' }, ['shared', 'trace'], elsewhere);
});
afterAll(() => api?.close());

/** An incident with a signal for each trace. */
async function declared(
  title: string,
  input: Record<string, unknown>,
  traces: readonly string[] = [],
  organization: TestOrganization = here,
): Promise<string> {
  const as = organization.user('ORG_ADMIN');
  const { incident } = await mutate(api, as, 'declareIncident', { title, severity: 'SEV3', ...input });
  for (const traceId of traces) {
    const signal = { type: 'TRACE', source: 'otel', summary: `${title} ${traceId}`, traceId };
    await mutate(api, as, 'attachSignal', {
      incidentId: incident?.id,
      ...signal,
      correlationKey: 'deploy-1',
    });
  }
  return incident?.id as string;
}

async function related(id: string, by: string): Promise<unknown> {
  const { data, errors } = await api.run<{ incident: { related: { nodes: { title: string }[] } } }>(
    here.user('VIEWER'),
    `query($id: ID!, $by: RelatedBy) { incident(id: $id) {
       related(by: $by) { nodes { title } totalCount } } }`,
    { id, by },
  );
  expect(errors).toEqual([]);
  return data.incident.related;
}

const only = (...titles: string[]) => ({
  nodes: titles.map((title) => ({ title })),
  totalCount: titles.length,
});

test('incidents are related by what their signals trace, and by service within a day', async () => {
  await declared('Long ago', { service: 'Checkout' });
  api.clock.advance(25 * 3_600_000);
  const first = await declared('First', { service: 'Checkout' }, ['shared', 'own']);
  await declared('Same trace', {}, ['shared', 'other', 'shared']);
  await declared('Same service', { service: ' checkout ' });
  await declared('Another service', { service: 'Uploads' });
  expect(await related(first, 'TRACE')).toEqual(only('Same trace'));
  expect(await related(first, 'SERVICE')).toEqual(only('Same service'));
  expect(await related(first, 'CORRELATION_KEY')).toEqual(only('Same trace'));
  const alone = await declared('Alone', {});
  for (const by of ['TRACE', 'SERVICE', 'CORRELATION_KEY']) expect(await related(alone, by)).toEqual(only());
});

test('signals are found by their correlation key, whatever incident they are of', async () => {
  const read = async (key: string, page: string) => {
    const { data } = await api.run<{
      signalsByCorrelationKey: { nodes: { summary: string }[]; pageInfo: { endCursor: string } };
    }>(
      here.user('VIEWER'),
      `query($key: String!) { signalsByCorrelationKey(correlationKey: $key${page}) {
         nodes { summary } pageInfo { endCursor } } }`,
      { key },
    );
    return data.signalsByCorrelationKey;
  };
  const all = (await read('deploy-1', '')).nodes.map(({ summary }) => summary);
  expect(all.sort()).toEqual([
    'First own',
    'First shared',
    'Same trace other',
    'Same trace shared',
    'Same trace shared',
  ]);
  const first = await read('deploy-1', ', first: 3');
  const rest = await read('deploy-1', `, first: 3, after: "${first.pageInfo.endCursor}"`);
  expect([...first.nodes, ...rest.nodes].map(({ summary }) => summary).sort()).toEqual(all);
  expect((await read('deploy', '')).nodes).toEqual([]);
});
