import { expect, it } from 'vitest';
import type { Answer, Request } from '../../src/app/answer.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import type { LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import { MemoryOrganization } from '../support/memoryOrganization.ts';
import { type Random, seeded } from '../support/random.ts';
import { anySent, policyOfSent, requestOfSent, type Sent } from './anySent.ts';
import { openDoor, organizationId } from './openDoor.ts';
import { slowStore } from './slowStore.ts';

// Whatever is read ahead of a commit: each command is answered as if all had been carried out one after the other, each
// between the moment it was sent and its answer.

/** One of these as it was answered, and how long the ledger was before and after. */
interface Told extends Sent {
  readonly answer: Answer;
  readonly from: number;
  readonly until: number;
}

type Opened = ReturnType<typeof openDoor>;

/** The request, of whatever incident has that number here. */
function requestOf({ organization }: Opened, sent: Sent): Request {
  const numbered = [...organization.incidents].map(([id, { number }]) => [number, id] as const);
  return requestOfSent(sent, new Map(numbered));
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
  opened.organization.policies.set(1, policyOfSent);
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
  serial.organization.policies.set(1, policyOfSent);
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
