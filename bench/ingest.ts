import { foundOrganizations, inFreshDatabase, openForSeeding } from './support/benchDatabase.ts';
import { createIngestKey } from './support/graphql.ts';
import { alternate, type LoadResult, load } from './support/load.ts';
import { baseline, type Measured, startProcess, startWarroom, whileRunning } from './support/processes.ts';
import { atLeast, type Row } from './support/row.ts';

const clients = 32;

/** What a row measures: alerts a delivery, and whether each is of a group, so an incident, of its own. */
interface Shape {
  readonly name: string;
  readonly size: number;
  readonly declares: boolean;
}

const shapes: readonly Shape[] = [
  { name: 'Signals in, one by one', size: 1, declares: false },
  { name: 'Signals in, 20 at a time', size: 20, declares: false },
  { name: 'Signals in, each declares', size: 1, declares: true },
];

/** A delivery of Alertmanager, none of whose alerts was there before. */
function delivery(run: number, client: number, n: number, { size, declares }: Shape): string {
  const alerts = Array.from({ length: size }, (_, index) => ({
    status: 'firing',
    fingerprint: `${run}-${client}-${n}-${index}`,
    labels: {
      alertname: 'HighErrorRate',
      severity: 'warning',
      service: 'checkout',
      instance: `web-${index}`,
    },
    annotations: {
      summary: 'More than 5 % of requests fail.',
      runbook_url: 'https://runbooks.example/errors',
    },
    startsAt: '2026-11-20T20:00:00Z',
  }));
  return JSON.stringify({
    version: '4',
    status: 'firing',
    receiver: 'warroom',
    groupKey: `run ${run} client ${client}${declares ? ` delivery ${n}` : ''}`,
    groupLabels: { alertname: 'HighErrorRate' },
    commonLabels: { alertname: 'HighErrorRate' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts,
  });
}

let runs = 0;

function sendTo(url: string, shape: Shape): Promise<LoadResult> {
  runs += 1;
  const run = runs;
  return load({
    url,
    clients,
    headers: () => ({}),
    body: (client, n) => delivery(run, client, n, shape),
    accepted: (status, body) => status === 200 && body.includes('success'),
  });
}

async function measure(warroom: Measured, key: string, url: string, shape: Shape): Promise<Row> {
  const inserts = await startProcess(baseline('insertServer'), [url, shape.declares ? 'declare' : 'join']);
  return whileRunning([inserts], async () => {
    const { ours, baseline: base } = await alternate(
      () => sendTo(`${warroom.url}/inbound/alertmanager/${key}`, shape),
      () => sendTo(`${inserts.url}/alerts`, shape),
    );
    const { name, size } = shape;
    const detail = { oursP50: ours.p50, oursP99: ours.p99, baselineP99: base.p99, clients };
    return atLeast(name, 'signals/s', ours.perSecond * size, base.perSecond * size, 0.5, detail);
  });
}

/**
 * Signals accepted a second by a connector, in one organization, against a plain insert of the same rows: such as join an
 * open incident, which most do, one by one and many at a time, and such as declare one each.
 */
export function benchIngest(): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const database = await openForSeeding(url);
    const [founded] = await foundOrganizations(database, 1);
    await database.close();
    const warroom = await startWarroom({ DATABASE_URL: url });
    return whileRunning([warroom], async () => {
      const key = await createIngestKey(warroom.url, founded?.key ?? '');
      const rows: Row[] = [];
      for (const shape of shapes) rows.push(await measure(warroom, key, url, shape));
      return rows;
    });
  });
}
