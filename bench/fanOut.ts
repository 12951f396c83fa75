import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { inFreshDatabase } from './support/benchDatabase.ts';
import { baseline, benchKey, type Measured, startProcess, startWarroom } from './support/processes.ts';
import { atLeast, median, type Row } from './support/row.ts';

const runs = 5;
/** Messages of one run, whatever the number of sockets. */
const messages = 200_000;

/** One event with about 400 bytes of payload, as a war room shows it. */
const subscription = `subscription { incidentEvents {
  sequence type at message version isPublic statusBefore statusAfter payload } }`;

/** Sockets that count what arrives and look at none of it. */
interface Audience {
  /** Milliseconds from the first to the last of the next `count` messages; rejects after 30 s. */
  next(count: number): Promise<number>;
  /** The newest message whose bytes were kept. */
  last(): string;
  close(): void;
}

/** A message of the audience's socket that says it is ready. */
type Greeting = (socket: WebSocket, ready: () => void) => void;

async function gather(url: string, size: number, protocol: string[], greet: Greeting): Promise<Audience> {
  const sockets: WebSocket[] = [];
  let missing = 0;
  let first = 0;
  let last = '';
  let arrived = (_milliseconds: number): void => {};
  const count = (data: Buffer): void => {
    if (first === 0) {
      first = performance.now();
      last = data.toString();
    }
    missing -= 1;
    if (missing === 0) arrived(performance.now() - first);
  };
  for (let from = 0; from < size; from += 100) {
    const some = Array.from({ length: Math.min(100, size - from) }, () => new WebSocket(url, protocol));
    const ready = some.map(
      (socket) =>
        new Promise<void>((done, fail) => {
          socket.once('error', fail);
          socket.once('open', () => greet(socket, done));
        }),
    );
    await Promise.all(ready);
    for (const socket of some) socket.on('message', count);
    sockets.push(...some);
  }
  return {
    next: (messages) =>
      new Promise((resolve, reject) => {
        missing = messages;
        first = 0;
        const timer = setTimeout(() => reject(new Error(`${missing} messages are missing.`)), 30_000);
        arrived = (milliseconds) => {
          clearTimeout(timer);
          resolve(milliseconds);
        };
      }),
    last: () => last,
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

const alone: Greeting = (_socket, ready) => ready();

/** Speaks graphql-transport-ws; a ping answered after the subscription means that it stands. */
const subscribing: Greeting = (socket, ready) => {
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${benchKey}` } });
  const listen = (data: Buffer): void => {
    const { type } = JSON.parse(data.toString()) as { type: string };
    if (type === 'connection_ack') {
      send({ id: crypto.randomUUID(), type: 'subscribe', payload: { query: subscription } });
      // Long enough to be subscribed; the warm-up run finds out whether it was.
      setTimeout(() => send({ type: 'ping' }), 300);
    } else if (type === 'pong') {
      socket.off('message', listen);
      ready();
    } else throw new Error(`Not subscribed: ${data.toString()}`);
  };
  socket.on('message', listen);
};

/** Messages a second while one event after another spreads: from its first arrival to its last, the commit left out. */
async function measure(
  audience: Audience,
  size: number,
  events: number,
  cause: (n: number) => Promise<void>,
) {
  let spreading = 0;
  for (let n = 0; n < events; n += 1) {
    const done = audience.next(size);
    await cause(n);
    spreading += await done;
  }
  return (size * events) / (spreading / 1_000);
}

/** Seconds of processor time the process has used so far. Linux only; NaN elsewhere. */
function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

/** A server with its audience, and how to cause an event on it. */
interface Contender {
  readonly server: Measured;
  readonly audience: Audience;
  readonly rates: number[];
  processor: number;
  cause(n: number): Promise<void>;
}

async function run(contender: Contender, size: number): Promise<void> {
  const { server, audience, cause } = contender;
  const events = Math.max(10, Math.round(messages / size));
  const before = processorSeconds(server.pid);
  contender.rates.push(await measure(audience, size, events, cause));
  contender.processor += (processorSeconds(server.pid) - before) / (events * size);
}

async function post(url: string, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${benchKey}` },
    body,
  });
  return response.text();
}

async function mutate(server: Measured, query: string): Promise<string> {
  const text = await post(`${server.url}/graphql`, JSON.stringify({ query }));
  if (text.includes('"errors"')) throw new Error(text);
  return text;
}

async function warroom(server: Measured, size: number): Promise<Contender> {
  const url = `${server.url.replace('http', 'ws')}/graphql`;
  const audience = await gather(url, size, ['graphql-transport-ws'], subscribing);
  const declared = await mutate(
    server,
    'mutation { declareIncident(input: { title: "Fan-out", severity: SEV4 }) { ... on DeclareIncidentPayload { incident { id } } } }',
  );
  const id = /"id":"([^"]+)"/.exec(declared)?.[1];
  const cause = async (n: number): Promise<void> => {
    await mutate(
      server,
      `mutation { addIncidentNote(input: { incidentId: "${id}", message: "Still looking at the checkout, ${n}" }) { ... on AddIncidentNotePayload { sequence } } }`,
    );
  };
  await measure(audience, size, 10, cause);
  return { server, audience, rates: [], processor: 0, cause };
}

async function broadcast(server: Measured, size: number, bytes: string): Promise<Contender> {
  const audience = await gather(server.url.replace('http', 'ws'), size, [], alone);
  const cause = async (): Promise<void> => void (await post(server.url, bytes));
  await measure(audience, size, 10, cause);
  return { server, audience, rates: [], processor: 0, cause };
}

async function row(size: number): Promise<Row> {
  return inFreshDatabase(async (url) => {
    const servers = [
      await startWarroom({ DATABASE_URL: url }),
      await startProcess(baseline('broadcastServer'), []),
    ] as const;
    try {
      const ours = await warroom(servers[0], size);
      const theirs = await broadcast(servers[1], size, ours.audience.last());
      // In turns, so that whatever else the machine does falls on both.
      for (let n = 0; n < runs; n += 1) {
        await run(ours, size);
        await run(theirs, size);
      }
      ours.audience.close();
      theirs.audience.close();
      const detail = {
        runs: ours.rates,
        baselineRuns: theirs.rates,
        bytes: ours.audience.last().length,
        processorRatio: theirs.processor / ours.processor,
      };
      const name = `Fan-out to ${size.toLocaleString('en')} sockets (raw ws)`;
      return atLeast(name, 'messages/s', median(ours.rates), median(theirs.rates), 0.9, detail);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });
}

/** One event to 2,000 and to 10,000 sockets, against `ws` sending the same bytes. */
export async function benchFanOut(): Promise<Row[]> {
  return [await row(2_000), await row(10_000)];
}
