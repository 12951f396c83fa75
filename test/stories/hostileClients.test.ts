import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { mutate, post, socketClient } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// Clients that mean harm, or are broken in the same way, against a server in a process of its own.

const neverReading = Number(process.env.WARROOM_NEVER_READING ?? 20);
const idleSockets = Number(process.env.WARROOM_IDLE_SOCKETS ?? 500);
/** Milliseconds: a socket counts as stuck after 5 s without taking anything, and is looked at five times a second. */
const closedWithin = 10_000;
/** Events before anybody hostile comes. */
const writtenAlone = 1_200;
/** Milliseconds from an event's instant to who reads, 99 of 100 times. */
const deliveredWithin = 250;

let database: StoryDatabase;
let server: ServerProcess;

beforeEach(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
}, 120_000);
afterEach(async () => {
  await server?.stop();
  await database?.drop();
});

const sleep = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));

/** Megabytes the server's process holds; on Linux only. */
function megabytes(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

interface Hostile {
  readonly socket: WebSocket;
  /** The close code, and when it came. */
  readonly closed: Promise<{ readonly code: number; readonly at: number }>;
}

function open(): Promise<Hostile> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => undefined);
  const closed = new Promise<{ code: number; at: number }>((resolve) =>
    socket.once('close', (code) => resolve({ code, at: performance.now() })),
  );
  return new Promise((resolve) => socket.once('open', () => resolve({ socket, closed })));
}

const send = ({ socket }: Hostile, message: object): void => socket.send(JSON.stringify(message));

/**
 * Sends all of them without a pause and waits for the end, which must be 4429. One that goes on talking for two seconds
 * without reading is cut off in the middle of it, though, and never sees the code: the server's log counts both.
 */
async function refused(hostile: Hostile, messages: readonly object[]): Promise<void> {
  const sent = messages.map(
    (message) =>
      new Promise<boolean>((resolve) =>
        hostile.socket.send(JSON.stringify(message), (error) =>
          resolve(error === undefined || error === null),
        ),
      ),
  );
  const { code } = await hostile.closed;
  const cutOff = (await Promise.all(sent)).includes(false);
  expect(cutOff ? [1006, 4429] : [4429]).toContain(code);
}

/** What the server's log says of sockets it refused or closed, all lines together. Complete once it has stopped. */
function misuseLogged(): Record<string, number> {
  const total: Record<string, number> = {};
  for (const line of server
    .output()
    .split('\n')
    .filter((one) => one.includes('"counts":'))) {
    const { counts } = JSON.parse(line) as { counts: Record<string, number> };
    for (const [what, count] of Object.entries(counts)) total[what] = (total[what] ?? 0) + count;
  }
  return total;
}

/** Opens a socket and waits until it is acknowledged. */
async function acknowledged(): Promise<Hostile> {
  const hostile = await open();
  const ack = new Promise((resolve) => hostile.socket.once('message', resolve));
  send(hostile, { type: 'connection_init', payload: { authorization: `Bearer ${storyKey}` } });
  await ack;
  return hostile;
}

/** Someone who writes large events. */
async function writer() {
  const { incident } = await mutate<{ incident: { id: string } }>(
    server.url,
    storyKey,
    'declareIncident',
    { title: 'Much is said', severity: 'SEV4' },
    'incident { id }',
  );
  // Three bytes each: close to the most an event may hold.
  const input = { incidentId: incident.id, message: '€'.repeat(5_000) };
  const state = { last: 1, stopped: false };
  const write = async (stop: () => boolean): Promise<void> => {
    while (!stop()) {
      const done = await mutate<{ sequence: number }>(
        server.url,
        storyKey,
        'addIncidentNote',
        input,
        'sequence',
      );
      state.last = Math.max(state.last, done.sequence);
      // 200 events a second, all four together, where the machine can.
      await sleep(15);
    }
  };
  return Object.assign(state, {
    writeUntil: (stop: () => boolean) => Promise.all([1, 2, 3, 4].map(() => write(stop))),
  });
}

/** A client as it should be, which notes how many milliseconds after its instant each event came. */
async function readerOfAll() {
  const client = socketClient(server.url, storyKey);
  const seen: { readonly sequence: number; readonly waited: number }[] = [];
  client.subscribe<{ incidentEvents: { sequence: number; at: string } }>(
    { query: 'subscription { incidentEvents(after: 0) { sequence at payload } }' },
    {
      next: ({ data }) => {
        if (!data) return;
        const { sequence, at } = data.incidentEvents;
        seen.push({ sequence, waited: Date.now() - Date.parse(at) });
      },
      error: () => seen.push({ sequence: Number.NaN, waited: 0 }),
      complete: () => undefined,
    },
  );
  while (seen.length === 0) await sleep(20);
  return { seen, close: async () => client.dispose() };
}

/** Sockets a process has open. */
function socketsOf(pid: number): number {
  const open = readdirSync(`/proc/${pid}/fd`).map((name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      // Closed while we looked.
      return '';
    }
  });
  return open.filter((target) => target.startsWith('socket:')).length;
}

async function stillServes(): Promise<void> {
  expect(server.running).toBe(true);
  expect(await post(server.url, storyKey, '{ ledgerHead { sequence } }')).toMatchObject({
    status: 200,
    errors: [],
  });
}

const linesLogged = (): number => server.output().split('\n').length;

describe.runIf(process.platform === 'linux')('a server of hostile clients', () => {
  test(`${neverReading} subscribers that never read: each is closed, memory stays, and who reads misses nothing`, async () => {
    const written = await writer();
    const reader = await readerOfAll();
    let most = 0;
    const writing = written.writeUntil(() => {
      most = Math.max(most, megabytes());
      return written.stopped;
    });
    // What writing itself takes, and the ring, and the database's own memory: it grows for as long without anybody.
    while (written.last < writtenAlone) await sleep(20);
    const alone = socketsOf(server.pid);
    const before = most;
    const stuck = await Promise.all(Array.from({ length: neverReading }, acknowledged));
    for (const one of stuck) {
      const query = 'subscription { incidentEvents { sequence payload } }';
      send(one, { id: '1', type: 'subscribe', payload: { query } });
      one.socket.pause();
    }
    // Past what the system takes for them; from then on they take nothing.
    while (written.last < writtenAlone + 900) await sleep(50);
    const fullAt = performance.now();
    while (socketsOf(server.pid) > alone + neverReading / 4) await sleep(100);
    const closedAfter = performance.now() - fullAt;
    written.stopped = true;
    await writing;
    for (const { socket } of stuck) socket.resume();
    const codes = await Promise.all(stuck.map(async ({ closed }) => (await closed).code));
    expect(codes.filter((code) => code !== 1013 && code !== 1006)).toEqual([]);
    expect(closedAfter).toBeLessThan(closedWithin * server.patience);
    expect(most - before).toBeLessThan(100);
    while ((reader.seen.at(-1)?.sequence ?? 0) < written.last) await sleep(20);
    await reader.close();
    const sequences = reader.seen.map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: written.last }, (_, n) => n + 1));
    const waits = reader.seen.map(({ waited }) => waited).sort((one, two) => one - two);
    expect(waits[Math.floor(waits.length * 0.99)]).toBeLessThan(deliveredWithin * server.patience);
    await stillServes();
  }, 300_000);

  test('10,000 subscribes, 8,000 big pings and an init of 10 MB are refused, and cost little', async () => {
    const query = '{ viewer { scopes } }';
    const subscribes = Array.from({ length: 10_000 }, (_, n) => ({
      id: `${n}`,
      type: 'subscribe',
      payload: { query },
    }));
    const pings = new Array(8_000).fill({ type: 'ping', payload: { big: 'x'.repeat(5_000) } });
    const misuse = async (): Promise<void> => {
      await refused(await acknowledged(), subscribes);
      await refused(await open(), pings);
      const large = await open();
      send(large, { type: 'connection_init', payload: { large: 'x'.repeat(10_000_000) } });
      // The server is done with it before all of it has been sent; the rest may cross the close on its way.
      expect([1006, 1009]).toContain((await large.closed).code);
    };
    // What a server costs that was only just started, and the first of each, is not theirs.
    await misuse();
    await stillServes();
    const before = megabytes();
    await misuse();
    expect(megabytes() - before).toBeLessThan(50);
    expect(linesLogged()).toBeLessThan(100);
    await stillServes();
    await server.stop();
    expect(misuseLogged()).toEqual({
      'closed: too many messages': 4,
      'closed: broken or oversized messages': 2,
    });
  }, 120_000);

  test(`${idleSockets} sockets that say nothing are closed with 4408, and cost little`, async () => {
    // A server at work has grown to its working size, which is not theirs: it has served as many who mean well.
    for (const { socket, closed } of await Promise.all(Array.from({ length: idleSockets }, acknowledged))) {
      socket.close();
      await closed;
    }
    for (let round = 0; round < 40; round += 1) await Promise.all(Array.from({ length: 25 }, stillServes));
    const before = megabytes();
    const opened = performance.now();
    const idle = await Promise.all(Array.from({ length: idleSockets }, open));
    const closed = await Promise.all(idle.map((one) => one.closed));
    expect(closed.filter(({ code }) => code !== 4408)).toEqual([]);
    const latest = Math.max(...closed.map(({ at }) => at)) - opened;
    expect(latest).toBeLessThan(closedWithin * server.patience);
    expect(megabytes() - before).toBeLessThan(50);
    expect(linesLogged()).toBeLessThan(100);
    await stillServes();
  }, 300_000);
});
