import { describe, expect, it } from 'vitest';
import { OverloadedError } from '../../src/app/answer.ts';
import type { WriteStore } from '../../src/store/port.ts';
import type { MemoryStore } from '../support/memoryStore.ts';
import { ada, firing, gate, openDoor, overlaid } from './openDoor.ts';

/** The store with its first load held back until the gate opens. */
function heldBack(opened: Promise<void>) {
  return (memory: MemoryStore): WriteStore =>
    overlaid(memory, {
      load: async (request) => {
        await opened;
        return memory.load(request);
      },
    });
}

/** A worker begins once all that has arrived was read. */
const untilTaken = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the queue', () => {
  it('lets people before signals, and signals still pass', async () => {
    const { opened, open } = gate();
    const room = openDoor({ wrap: heldBack(opened), limits: { batch: 4, signalShare: 1 } });
    const order: string[] = [];
    const send = (name: string, by = ada) =>
      room
        .door(room.requestOf(null, 'declareIncident', { title: name, severity: 'SEV3' }, { by }))
        .then(() => order.push(name));
    const signal = (name: string) =>
      room.deliver(name, { firing: [firing(name)] }).then(() => order.push(name));
    const all = [
      send('first'),
      ...['s1', 's2', 's3'].map(signal),
      ...['p1', 'p2', 'p3', 'p4', 'p5'].map((n) => send(n)),
    ];
    open();
    await Promise.all(all);
    expect(order).toEqual(['first', 'p1', 'p2', 's1', 'p3', 'p4', 'p5', 's2', 's3']);
  });

  it('turns away what it has no place for, signals first', async () => {
    const { opened, open } = gate();
    const room = openDoor({ wrap: heldBack(opened), limits: { waiting: 2, batch: 1 } });
    const first = room.declare('taken');
    await untilTaken();
    const signals = ['s1', 's2', 's3'].map((key) => room.deliver(key, { firing: [firing(key)] }));
    const person = room.declare('person');
    const outcomes = Promise.allSettled([...signals, first, person]);
    await expect(signals[2]).rejects.toBeInstanceOf(OverloadedError);
    await expect(signals[1]).rejects.toBeInstanceOf(OverloadedError);
    open();
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('turns away what has waited too long', async () => {
    const { opened, open } = gate();
    const room = openDoor({ wrap: heldBack(opened), limits: { waitMilliseconds: 20, batch: 1 } });
    const taken = room.declare('taken');
    await untilTaken();
    await expect(room.declare('waits')).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
    open();
    expect(await taken).not.toBe('');
  });

  it('drains: takes nothing more and finishes what it has', async () => {
    const { opened, open } = gate();
    const room = openDoor({ wrap: heldBack(opened) });
    const accepted = [1, 2, 3].map((n) => room.declare(`accepted ${n}`));
    let drained = false;
    const draining = room.door.drain().then(() => {
      drained = true;
    });
    await expect(room.declare('late')).rejects.toBeInstanceOf(OverloadedError);
    expect(drained).toBe(false);
    expect(room.door.depth()).toBeGreaterThanOrEqual(0);
    open();
    await draining;
    expect(await Promise.all(accepted)).toHaveLength(3);
    expect(room.door.depth()).toBe(0);
  });
});
