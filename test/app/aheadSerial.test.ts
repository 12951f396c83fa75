import { expect, it } from 'vitest';
import type { Answer, Request } from '../../src/app/answer.ts';
import { dedupKeyOfErrors } from '../../src/domain/detection/errorReport.ts';
import type { IncidentCommand } from '../../src/domain/incident/commands.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import type { LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { anyRule } from '../support/anyRule.ts';
import { reported } from '../support/given.ts';
import { MemoryOrganization } from '../support/memoryOrganization.ts';
import { type Random, seeded } from '../support/random.ts';
import { ada, alertmanager, firing, openDoor, organizationId } from './openDoor.ts';
import { slowStore } from './slowStore.ts';

// Whatever is read ahead of a commit: each command is answered as if all had been carried out one after the other, each
// between the moment it was sent and its answer.

/** What is sent: `incident` is the number of the incident that a person means. */
interface Sent {
  readonly incident: number | null;
  readonly into: number | null;
  readonly command: IncidentCommand;
}

/** One of these as it was answered, and how long the ledger was before and after. */
interface Told extends Sent {
  readonly answer: Answer;
  readonly from: number;
  readonly until: number;
}

const keys = ['a', 'b', 'c', 'd', 'e'] as const;

/** What only joins, what is dropped; the rest declares. */
const policy: Policy = {
  ...defaultPolicy,
  detectionRules: [
    anyRule({ name: 'Logs only join', outcome: 'ATTACH_ONLY', sources: ['logs'] }),
    anyRule({ name: 'No noise', outcome: 'DROP', sources: ['noise'] }),
  ],
};

function anySent(random: Random, count: number, incidents: number): Sent {
  if (incidents > 0 && random.chance(0.15)) {
    const [incident, into] = [1 + random.below(incidents), 1 + random.below(incidents)];
    return { incident, into, command: onIncident(random, count) };
  }
  const command = random.chance(0.12) ? errors(random, count) : delivery(random, count);
  return { incident: null, into: null, command };
}

function onIncident(random: Random, count: number): IncidentCommand {
  const commands: readonly IncidentCommand[] = [
    { name: 'mergeIncidents', input: { intoIncidentId: '', reason: 'One outage' } },
    { name: 'resolveIncident', input: { summary: `Over ${count}` } },
    { name: 'reopenIncident', input: { reason: 'Again' } },
    { name: 'acknowledgeIncident', input: {} },
    { name: 'updateIncident', input: { service: random.pick(['Checkout', 'Search', 'Mail']) } },
  ];
  return random.pick(commands);
}

const joining = (random: Random) => ({
  correlationKey: random.pick([null, null, 'k1', 'k2']),
  service: random.pick([null, null, 'Checkout', 'Search']),
});

function delivery(random: Random, count: number): IncidentCommand {
  const dedupKey = random.pick(keys);
  const source = random.pick(['alertmanager', 'alertmanager', 'alertmanager', 'logs', 'noise']);
  const names = ['1', '2', 'new']
    .filter(() => random.chance(0.4))
    .map((name) => `${source} ${dedupKey} ${name}`);
  const fingerprints = names.map((name) => (name.endsWith('new') ? `${name} ${count}` : name));
  const isFiring = random.chance(0.65);
  return {
    name: 'receiveSignals',
    input: {
      dedupKey,
      declare: {
        title: `Alert ${dedupKey}`,
        severity: random.pick(['SEV2', 'SEV3']),
        source,
        ...one(random),
      },
      firing: isFiring ? fingerprints.map((name) => ({ ...firing(name), source, ...joining(random) })) : [],
      cleared: isFiring ? [] : fingerprints.map((fingerprint) => ({ fingerprint, at: null })),
      severity: null,
      resolve: !isFiring && random.chance(0.5),
    },
  };
}

const one = (random: Random) => (random.chance(0.2) ? { service: random.pick(['Checkout', 'Search']) } : {});

function errors(random: Random, count: number): IncidentCommand {
  const traceId = random.pick([null, 't1', 't2']);
  const { correlationKey } = joining(random);
  const all = [reported(`error ${count}`, { traceId, correlationKey, component: null })];
  return { name: 'reportErrors', input: { fingerprint: random.pick(['x', 'y']), errors: all } };
}

type Opened = ReturnType<typeof openDoor>;

/** The request, of whatever incident has that number here. */
function requestOf({ organization, requestOf: ask }: Opened, { incident, into, command }: Sent): Request {
  const idOf = (number: number | null) =>
    [...organization.incidents].find(([, row]) => row.number === number)?.[0] ?? '';
  if (command.name === 'receiveSignals' || command.name === 'reportErrors') {
    const key =
      command.name === 'receiveSignals'
        ? command.input.dedupKey
        : dedupKeyOfErrors(command.input.fingerprint);
    return { organizationId, actor: alertmanager, target: { by: 'dedupKey', key }, command };
  }
  const input =
    command.name === 'mergeIncidents' ? { ...command.input, intoIncidentId: idOf(into) } : command.input;
  return ask(idOf(incident), command.name, input as never, { by: ada });
}

/** What an entry says, without ids that are made anew each time. */
function wordsOf({ number, type, body }: LedgerEntry): string {
  const { payload } = decodeBody(body) as { payload: Record<string, unknown> };
  return [number, type, payload.fingerprint, payload.to, payload.correlationKey].join(' ');
}

/** What was answered, in words. */
function outcomeOf(answer: Answer): string {
  if (answer.kind === 'refused') return answer.refusal.kind;
  return answer.entries.map(wordsOf).join('\n') || 'nothing to do';
}

/** Sends many at once, and answers what became of each, with how often a load ran beside a commit. */
async function sendMany(random: Random) {
  let committing = 0;
  let ahead = 0;
  const opened: Opened = openDoor({
    limits: { aheadFrom: 1, batch: 1 + random.below(4), signalShare: 1 },
    wrap: (memory) =>
      slowStore(memory, random, (call, isOver) => {
        if (call === 'commit') committing += isOver ? -1 : 1;
        else if (!isOver && committing > 0) ahead += 1;
      }),
  });
  opened.organization.policies.set(1, policy);
  const { ledgers, incidents } = opened.organization;
  const under: Promise<Told>[] = [];
  for (let count = 0; count < 40; count++) {
    const sent = anySent(random, count, incidents.size);
    const from = ledgers.INCIDENTS.length;
    const answered = opened.door(requestOf(opened, sent));
    under.push(answered.then((answer) => ({ ...sent, answer, from, until: ledgers.INCIDENTS.length })));
    if (random.chance(0.15)) for (let n = random.below(60); n > 0; n--) await Promise.resolve();
  }
  return { opened, told: await Promise.all(under), ahead };
}

/** A door over a copy of what another has. */
function copyOf({ organization }: Opened): Opened {
  const copy = openDoor();
  copy.memory.organizations.set(
    organizationId,
    Object.assign(new MemoryOrganization(), structuredClone({ ...organization })),
  );
  return copy;
}

/** Carries out one after the other what was written, in the order of the ledger, and looks for when the rest was true. */
async function checkSerial(told: readonly Told[], ledger: readonly LedgerEntry[]): Promise<void> {
  const sequenceOf = ({ answer }: Told) => (answer.kind === 'done' ? answer.entries[0]?.sequence : undefined);
  const written = told
    .filter((one) => sequenceOf(one) !== undefined)
    .toSorted((one, other) => (sequenceOf(one) ?? 0) - (sequenceOf(other) ?? 0));
  const unseen = new Set(told.filter((one) => sequenceOf(one) === undefined));
  const serial = openDoor();
  serial.organization.policies.set(1, policy);
  for (const next of [...written, null]) {
    const length = serial.organization.ledgers.INCIDENTS.length;
    for (const one of unseen) {
      if (length < one.from || length > one.until) continue;
      const copy = copyOf(serial);
      const answer = await copy.door(requestOf(copy, one));
      if (outcomeOf(answer) === outcomeOf(one.answer)) unseen.delete(one);
    }
    if (next === null) break;
    expect(sequenceOf(next)).toBeGreaterThan(next.from);
    const answer = await serial.door(requestOf(serial, next));
    expect(outcomeOf(answer)).toBe(outcomeOf(next.answer));
  }
  expect(serial.organization.ledgers.INCIDENTS.map(wordsOf)).toEqual(ledger.map(wordsOf));
  expect([...unseen].map((one) => [one.command, outcomeOf(one.answer)])).toEqual([]);
}

/** How often signals of what declares were told that fire: none of them is lost. */
function firedIn(told: readonly Told[]): number {
  return told
    .flatMap(({ command }) => (command.name === 'receiveSignals' ? command.input.firing : []))
    .filter(({ source }) => source === 'alertmanager').length;
}

/** How often these were counted. */
function countedIn({ organization }: Opened): number {
  return [...organization.signals.values()]
    .filter(({ source }) => source === 'alertmanager')
    .reduce((sum, { count }) => sum + Number(count), 0);
}

/** `WARROOM_SEEDS=2000 npx vitest run test/app/aheadSerial.test.ts` for more of them. */
const seeds = Number(process.env.WARROOM_SEEDS ?? 50);

it(
  'is answered as if one followed the other',
  async () => {
    let read = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        const { opened, told, ahead } = await sendMany(seeded(seed));
        read += ahead;
        const { INCIDENTS } = opened.organization.ledgers;
        await checkSerial(told, INCIDENTS);
        expect(told.map(({ answer }) => answer.kind === 'done' && answer.replayed)).not.toContain(true);
        expect(opened.news.map(({ entry }) => entry.sequence)).toEqual(
          INCIDENTS.map((_, index) => index + 1),
        );
        expect(countedIn(opened)).toBe(firedIn(told));
        await opened.door.drain();
      } catch (error) {
        throw new Error(`Seed ${seed} fails.`, { cause: error });
      }
    }
    expect(read).toBeGreaterThan(seeds);
  },
  60_000 + 200 * seeds,
);
