import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { inPlace } from './support/benchDatabase.ts';
import { effort, quick } from './support/effort.ts';
import {
  baseline,
  benchKey,
  type Measured,
  startProcess,
  startWarroom,
  whileRunning,
} from './support/processes.ts';
import { atMost, below, median, type Row } from './support/row.ts';
import { openMany, subscribe } from './support/subscriber.ts';

const subscribers = quick ? 1_000 : 4_000;
/** Opened before anything is measured: what the first ones cost once is not a subscriber's. */
const before = 300;

const subscription =
  'subscription { incidentEvents { sequence type at message version statusAfter payload } }';

interface Open {
  close(): void;
}

/** Bytes one more subscriber costs the process. */
interface Cost {
  readonly resident: number;
  readonly live: number;
}

async function costOf(server: Measured, open: () => Promise<Open>): Promise<Cost> {
  const opened = await openMany(before, open);
  await sleep(1_000);
  const empty = await server.ask('memory');
  opened.push(...(await openMany(subscribers, open)));
  // What connecting left behind is collected, and nothing is on its way any more.
  await sleep(quick ? 1_000 : 3_000);
  const full = await server.ask('memory');
  for (const one of opened) one.close();
  return { resident: (full.rss - empty.rss) / subscribers, live: (full.live - empty.live) / subscribers };
}

function ourCost(): Promise<Cost> {
  return inPlace(async ({ environment }) => {
    const server = await startWarroom(environment, { probe: true });
    const open = () =>
      subscribe({ url: server.url, key: benchKey, query: subscription, onNext: () => undefined });
    return whileRunning([server], () => costOf(server, open));
  });
}

async function rawCost(): Promise<Cost> {
  const server = await startProcess(baseline('broadcastServer'), [], { probe: true });
  const open = () =>
    new Promise<Open>((done, fail) => {
      const socket = new WebSocket(server.url.replace('http', 'ws'), { perMessageDeflate: false });
      socket.once('open', () => done({ close: () => socket.terminate() }));
      socket.once('error', fail);
    });
  return whileRunning([server], () => costOf(server, open));
}

/** What a subscriber that only waits costs in memory, beside a raw `ws` socket. Each run in processes of its own. */
export async function benchMemory(): Promise<Row[]> {
  const ours: Cost[] = [];
  const raw: Cost[] = [];
  for (let run = 0; run < effort.runs; run += 1) {
    raw.push(await rawCost());
    ours.push(await ourCost());
  }
  const kilobytes = (costs: readonly Cost[], of: keyof Cost) => median(costs.map((cost) => cost[of])) / 1_024;
  const live = { ours: kilobytes(ours, 'live'), baseline: kilobytes(raw, 'live') };
  const detail = { live, subscribers, runs: ours, baselineRuns: raw };
  const name = 'Memory per idle subscriber';
  return [
    atMost(`${name} (raw ws)`, 'KB', kilobytes(ours, 'resident'), kilobytes(raw, 'resident'), 1.5, detail),
    below(name, 'KB', kilobytes(ours, 'resident'), 20),
  ];
}
