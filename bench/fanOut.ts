import { readFileSync } from 'node:fs';
import { type Audience, gather, mayOpen } from './support/audience.ts';
import { inFreshDatabase } from './support/benchDatabase.ts';
import { effort, quick } from './support/effort.ts';
import { addNote, declareIncident } from './support/graphql.ts';
import { HttpConnection } from './support/httpConnection.ts';
import {
  baseline,
  benchKey,
  type Measured,
  startProcess,
  startWarroom,
  whileRunning,
} from './support/processes.ts';
import { atLeast, beside, median, type Row } from './support/row.ts';

const sizes = [2_000, 10_000] as const;
/** Messages of one run, whatever the number of sockets; fewer where each costs several times as much. */
const messages = quick ? 60_000 : 200_000;
const messagesOfMercurius = quick ? 20_000 : 60_000;
/** Events before anything is measured. */
const warmUpEvents = 10;

/** One event with about 400 bytes of payload, as a war room shows it. */
const query = `subscription { incidentEvents {
  sequence type at message version isPublic statusBefore statusAfter payload } }`;

/** Seconds of processor time the process has used so far. Linux only; NaN elsewhere. */
function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

/** Milliseconds of the machine's monotonic clock. */
type When = () => Promise<number> | number;

/** A server with its audience, and how to cause an event on it. */
interface Contender {
  readonly server: Measured;
  readonly audience: Audience;
  /** Events of one run. */
  readonly events: number;
  readonly rates: number[];
  /** The same, counted from the first arrival: without what comes before anything is sent. */
  readonly ratesFromFirst: number[];
  /** Seconds of processor time of the server per message, of every run. */
  readonly processor: number[];
  /** The same of its audience. */
  readonly audienceProcessor: number[];
  /** Answers how to ask, afterwards, when the server had the event: for Warroom, when it was committed. */
  cause(n: number): Promise<When>;
}

/** Messages a second while one event after another spreads: from when the server had it to its last arrival. */
async function spread({ audience, cause }: Contender, size: number, events: number) {
  let spreading = 0;
  let spreadingFromFirst = 0;
  for (let n = 0; n < events; n += 1) {
    let had: When = () => Number.NaN;
    const { first, last } = await audience.next(size, async () => {
      had = await cause(n);
    });
    spreading += last - (await had());
    spreadingFromFirst += last - first;
  }
  const rate = (milliseconds: number) => (size * events) / (milliseconds / 1_000);
  return { rate: rate(spreading), fromFirst: rate(spreadingFromFirst) };
}

async function run(contender: Contender, size: number): Promise<void> {
  const { server, events } = contender;
  const before = processorSeconds(server.pid);
  const audienceBefore = processorSeconds(contender.audience.pid);
  const { rate, fromFirst } = await spread(contender, size, events);
  contender.rates.push(rate);
  contender.ratesFromFirst.push(fromFirst);
  contender.processor.push((processorSeconds(server.pid) - before) / (events * size));
  const heard = processorSeconds(contender.audience.pid) - audienceBefore;
  contender.audienceProcessor.push(heard / (events * size));
}

async function contend(
  server: Measured,
  audience: Audience,
  { size, messages }: { readonly size: number; readonly messages: number },
  cause: Contender['cause'],
): Promise<Contender> {
  const events = Math.max(5, Math.round(messages / size));
  const found = { rates: [], ratesFromFirst: [], processor: [], audienceProcessor: [] };
  const contender: Contender = { server, audience, events, cause, ...found };
  await spread(contender, size, warmUpEvents);
  return contender;
}

/** Posts to a server, and insists on an answer that does not speak of an error. */
function poster(url: string, headers: Record<string, string> = {}) {
  return async (body: string): Promise<string> => {
    // A fresh one each time: while others have their turn, a server closes what is idle.
    const connection = await HttpConnection.open(url, headers);
    const { status, body: answer } = await connection.post(body);
    connection.close();
    if (status !== 200 || /"(errors|code)":/.test(answer)) throw new Error(`refused: ${status} ${answer}`);
    return answer;
  };
}

/** A baseline's answer says when it had what was posted. */
const hadAsAnswered =
  (answer: string): When =>
  () =>
    (JSON.parse(answer) as { at: number }).at;

async function warroom(server: Measured, size: number): Promise<Contender> {
  const audience = await gather({ url: server.url, size, operation: { query, key: benchKey } });
  let incidentId = '';
  // An event like any other: nothing of it may be left to arrive when the first one is counted.
  await audience.next(size, async () => {
    incidentId = await declareIncident(server.url, benchKey);
  });
  const post = poster(`${server.url}/graphql`, { authorization: `Bearer ${benchKey}` });
  return contend(server, audience, { size, messages }, async (n) => {
    await server.ask('commits');
    const variables = { input: { incidentId, message: `Still looking at the checkout, ${n}` } };
    await post(JSON.stringify({ query: addNote, variables }));
    return async () => {
      const [commit] = await server.ask('commits');
      if (commit === undefined) throw new Error('No commit was seen.');
      return commit.answered;
    };
  });
}

async function broadcast(server: Measured, size: number, bytes: string): Promise<Contender> {
  const audience = await gather({ url: server.url, size, operation: null });
  const post = poster(server.url);
  return contend(server, audience, { size, messages }, async () => hadAsAnswered(await post(bytes)));
}

async function mercurius(server: Measured, size: number, bytes: string): Promise<Contender> {
  const audience = await gather({ url: server.url, size, operation: { query, key: benchKey } });
  const post = poster(server.url);
  const { payload } = JSON.parse(bytes) as { payload: { data: { incidentEvents: object } } };
  const event = JSON.stringify(payload.data.incidentEvents);
  const measured = { size, messages: messagesOfMercurius };
  return contend(server, audience, measured, async () => hadAsAnswered(await post(event)));
}

function row(name: string, bar: number, ours: Contender, theirs: Contender, bytes: number): Row {
  const detail = {
    bytes,
    runs: ours.rates,
    baselineRuns: theirs.rates,
    ratioFromFirst: median(ours.ratesFromFirst) / median(theirs.ratesFromFirst),
    // How much more of the processor theirs takes for a message.
    processorRatio: median(theirs.processor) / median(ours.processor),
    // Seconds of processor time of whoever receives, a message: what nobody can be faster than.
    audienceProcessor: median(ours.audienceProcessor),
  };
  return atLeast(name, 'messages/s', median(ours.rates), median(theirs.rates), bar, detail);
}

async function rows(size: number): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const servers = [
      await startWarroom({ DATABASE_URL: url }, { probe: true }),
      await startProcess(baseline('broadcastServer'), []),
      await startProcess(baseline('mercuriusServer'), []),
    ] as const;
    return whileRunning(servers, async () => {
      const ours = await warroom(servers[0], size);
      const bytes = await ours.audience.last();
      const raw = await broadcast(servers[1], size, bytes);
      const each = await mercurius(servers[2], size, bytes);
      const contenders = [ours, raw, each];
      // In turns, so that whatever else the machine does falls on all.
      for (let n = 0; n < effort.runs; n += 1) for (const contender of contenders) await run(contender, size);
      for (const { audience } of contenders) audience.close();
      const name = `Fan-out to ${size.toLocaleString('en')} sockets`;
      return [
        row(`${name} (raw ws)`, 0.9, ours, raw, bytes.length),
        row(`${name} (Mercurius)`, 4.5, ours, each, bytes.length),
        // What a loop over `ws` reaches in the same run: one process that sends and one that receives have a limit.
        beside(`… raw ws itself (Mercurius)`, 'messages/s', median(raw.rates), median(each.rates)),
      ];
    });
  });
}

/** One event to 2,000 and to 10,000 sockets, against `ws` sending the same bytes and Mercurius the same event. */
export async function benchFanOut(): Promise<Row[]> {
  for (const size of sizes) mayOpen(size);
  const found: Row[] = [];
  for (const size of sizes) found.push(...(await rows(size)));
  return found;
}
