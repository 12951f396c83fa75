import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paceLetters } from '../../src/inbound/paceLetters.ts';
import { createTally } from '../../src/inbound/tally.ts';
import { ingest } from './switchboard.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function pacing() {
  const world = { now: 5_000, kept: 0, lines: [] as object[] };
  const now = () => world.now;
  const tally = createTally({ warn: (about) => world.lines.push(about) }, 'Too many.');
  const letters = paceLetters(
    {
      keep: async () => {
        world.kept += 1;
      },
    },
    tally,
    now,
  );
  const keep = async (times: number, bytes = 10, credentialId = 'a') => {
    const letter = { format: 'json', body: Buffer.alloc(bytes), reason: 'No.', problems: [] };
    for (let n = 0; n < times; n++) await letters.keep({ ...ingest, credentialId }, letter);
  };
  return { world, keep };
}

describe('letters of a key', () => {
  it('are kept until they fill the list, then one a second; the log says how many were not', async () => {
    const { world, keep } = pacing();
    await keep(1_500);
    expect(world.kept).toBe(1_000);
    world.now += 3_000;
    await keep(10);
    expect(world.kept).toBe(1_003);
    await keep(5, 10, 'b');
    expect(world.kept).toBe(1_008);
    expect(world.lines).toEqual([{ connector: 'json', apiKeyId: 'a', count: 1 }]);
    vi.advanceTimersByTime(60_000);
    expect(world.lines).toEqual([expect.anything(), { connector: 'json', apiKeyId: 'a', count: 506 }]);
    vi.advanceTimersByTime(120_000);
    expect(world.lines).toHaveLength(2);
  });

  it('are kept until their bytes fill the list', async () => {
    const { world, keep } = pacing();
    await keep(70, 1_048_576);
    expect(world.kept).toBe(64);
    world.now += 16_000;
    await keep(2, 1_048_576);
    expect(world.kept).toBe(65);
  });
});
