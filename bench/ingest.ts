import { foundOrganizations, inFreshDatabase, openForSeeding } from './support/benchDatabase.ts';
import { createIngestKey } from './support/graphql.ts';
import { alternate, type LoadResult, load } from './support/load.ts';
import { baseline, type Measured, startProcess, startWarroom, whileRunning } from './support/processes.ts';
import { atLeast, type Row } from './support/row.ts';

const clients = 32;

/** A delivery of Alertmanager with as many alerts, none of which was there before: each client has a group of its own. */
function delivery(run: number, client: number, n: number, size: number): string {
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
    groupKey: `run ${run} client ${client}`,
    groupLabels: { alertname: 'HighErrorRate' },
    commonLabels: { alertname: 'HighErrorRate' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts,
  });
}

let runs = 0;

function sendTo(url: string, size: number, status: number): Promise<LoadResult> {
  runs += 1;
  const run = runs;
  return load({
    url,
    clients,
    headers: () => ({}),
    body: (client, n) => delivery(run, client, n, size),
    accepted: (answered, body) => answered === status && body.includes('success'),
  });
}

async function measure(warroom: Measured, key: string, inserts: Measured, size: number): Promise<Row> {
  const { ours, baseline: base } = await alternate(
    () => sendTo(`${warroom.url}/inbound/alertmanager/${key}`, size, 200),
    () => sendTo(`${inserts.url}/alerts`, size, 200),
  );
  const name = size === 1 ? 'Signals in, one by one' : `Signals in, ${size} at a time`;
  const detail = { oursP99: ours.p99, baselineP99: base.p99, clients };
  return atLeast(name, 'signals/s', ours.perSecond * size, base.perSecond * size, 0.5, detail);
}

/** Signals accepted a second by a connector, against a plain insert of the same rows, in one organization. */
export function benchIngest(): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const database = await openForSeeding(url);
    const [founded] = await foundOrganizations(database, 1);
    await database.close();
    const warroom = await startWarroom({ DATABASE_URL: url });
    return whileRunning([warroom], async () => {
      const key = await createIngestKey(warroom.url, founded?.key ?? '');
      const inserts = await startProcess(baseline('insertServer'), [url]);
      return whileRunning([inserts], async () => [
        await measure(warroom, key, inserts, 1),
        await measure(warroom, key, inserts, 20),
      ]);
    });
  });
}
