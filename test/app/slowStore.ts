import type { WriteStore } from '../../src/store/port.ts';
import type { MemoryStore } from '../support/memoryStore.ts';
import { type Random, seeded } from '../support/random.ts';
import { openDoor, overlaid } from './openDoor.ts';

type Call = 'load' | 'commit';

/**
 * A store whose every load and commit happens some time after it was asked for, and is answered some time after that, as
 * chance has it. `seen` is told of the beginning and the end of each.
 */
export function slowStore(
  memory: MemoryStore,
  random: Random,
  seen: (call: Call, isOver: boolean) => void = () => {},
): WriteStore {
  const wait = async () => {
    for (let ticks = random.below(12); ticks > 0; ticks--) await Promise.resolve();
  };
  const slowed = async <T>(call: Call, run: () => Promise<T>): Promise<T> => {
    seen(call, false);
    await wait();
    const value = await run();
    await wait();
    seen(call, true);
    return value;
  };
  return overlaid(memory, {
    load: (request) => slowed('load', () => memory.load(request)),
    commit: (batch) => slowed('commit', () => memory.commit(batch)),
  });
}

/** A door over a slow store that reads ahead whatever it may, two commands at a time. */
export function openEagerDoor() {
  const random = seeded(1);
  return openDoor({
    limits: { aheadFrom: 1, batch: 2, signalShare: 1 },
    wrap: (memory) => slowStore(memory, random),
  });
}
