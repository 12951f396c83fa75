import { expect, it } from 'vitest';
import { seeded } from '../support/random.ts';
import { alertmanager, firing, gate, openDoor } from './openDoor.ts';
import { slowStore } from './slowStore.ts';

const turns = 3;

const organizations = Array.from({ length: 7 }, (_, n) => `0190a000-0000-7000-8000-00000000001${n}`);

const failures = [
  () => new Error('Connection terminated unexpectedly'),
  () => Object.assign(new Error('deadlock'), { code: '40P01' }),
  () => Object.assign(new Error('no'), { code: '22000' }),
];

/** A door over a slow store of which every fourth call fails while it is faulty, and whose commits can be held back. */
function openFaultyDoor(seed: number) {
  const random = seeded(seed);
  const control = { faulty: true, held: gate(), underWay: 0 };
  control.held.open();
  const fail = () => {
    if (control.faulty && random.chance(0.25)) throw random.pick(failures)();
  };
  const opened = openDoor({
    limits: { aheadFrom: 1, batch: 2, signalShare: 1, batchesAtOnce: turns },
    pause: async () => {},
    wrap: (memory) => {
      const slow = slowStore(memory, random);
      return {
        ...slow,
        load: async (request) => {
          fail();
          return slow.load(request);
        },
        commit: async (batch) => {
          fail();
          control.underWay += 1;
          await control.held.opened;
          control.underWay -= 1;
          const outcomes = await slow.commit(batch);
          fail();
          return outcomes;
        },
      };
    },
  });
  const deliver = (organizationId: string, dedupKey: string) =>
    opened.door({
      organizationId,
      actor: alertmanager,
      target: { by: 'dedupKey', key: dedupKey },
      command: {
        name: 'receiveSignals',
        input: {
          dedupKey,
          declare: { title: `Alert ${dedupKey}`, severity: 'SEV3' },
          firing: [firing(dedupKey)],
          cleared: [],
          severity: null,
        },
      },
    });
  return { ...opened, control, deliver };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 10));

it.each([1, 2, 3, 4, 5, 6, 7, 8])('no turn is lost or made, whatever fails (seed %i)', async (seed) => {
  const { control, deliver, door, memory } = openFaultyDoor(seed);
  const keys = Array.from({ length: 20 }, (_, n) => `key ${n}`);
  const all = organizations.flatMap((id) => keys.map((key) => deliver(id, key)));
  const ends = await Promise.allSettled(all);
  expect(ends.some(({ status }) => status === 'rejected')).toBe(true);
  control.faulty = false;
  control.held = gate();
  const last = organizations.map((id) => deliver(id, 'last'));
  await settled();
  expect(control.underWay).toBe(turns);
  control.held.open();
  const answers = await Promise.all(last);
  expect(answers.map(({ kind }) => kind)).toEqual(organizations.map(() => 'done'));
  await door.drain();
  for (const [index, id] of organizations.entries()) {
    const { incidents, signals } = memory.organization(id);
    const of = ends.slice(index * keys.length, (index + 1) * keys.length);
    const told = of.filter(({ status }) => status === 'fulfilled').length;
    // What was answered is there, once; what failed may be.
    expect(incidents.size).toBe(signals.size);
    expect(incidents.size).toBeGreaterThan(told);
    expect(incidents.size).toBeLessThanOrEqual(keys.length + 1);
  }
});
