import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabaseClock } from '../../src/store/databaseClock.ts';

const noon = Date.parse('2026-11-20T12:00:00.000Z');

/** A database and a monotonic clock that the test moves. */
function world() {
  /** `wait` and `way` are milliseconds before and after the database looks at its clock. */
  const state = { database: noon, monotonic: 1_000, away: false, wait: 0, way: 0 };
  const warnings: string[] = [];
  function pass(milliseconds: number) {
    state.database += milliseconds;
    state.monotonic += milliseconds;
  }
  return {
    state,
    warnings,
    pass,
    open: () =>
      openDatabaseClock(
        {
          asPlatform: async <R>() => {
            if (state.away) throw new Error('away');
            pass(state.wait);
            const at = new Date(state.database).toISOString();
            pass(state.way);
            return [{ at }] as R[];
          },
        },
        { warn: (...words: unknown[]) => void warnings.push(String(words.at(-1))) },
        () => state.monotonic,
      ),
  };
}

describe('the database clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  it("is the database's time plus the monotonic time since, whatever this machine's wall clock says", async () => {
    const { open, pass } = world();
    const clock = await open();
    expect(clock.now()).toBe('2026-11-20T12:00:00.000Z');
    pass(1_234);
    vi.setSystemTime(new Date('2001-01-01'));
    expect(clock.now()).toBe('2026-11-20T12:00:01.234Z');
    clock.close();
  });

  it('follows the database forward at the next look, every second', async () => {
    const { open, state } = world();
    const clock = await open();
    state.database += 3_600_000;
    expect(clock.now()).toBe('2026-11-20T12:00:00.000Z');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(clock.now()).toBe('2026-11-20T13:00:00.000Z');
    clock.close();
  });

  it('is never ahead of the database, however long a look waits for its turn', async () => {
    const { open, pass, state } = world();
    state.wait = 3_000;
    const clock = await open();
    expect(Date.parse(clock.now())).toBe(state.database);
    await clock.probe();
    expect(Date.parse(clock.now())).toBe(state.database);
    pass(1_000);
    expect(Date.parse(clock.now())).toBe(state.database);
    clock.close();
  });

  it('comes closer with every quicker look, and stays there through slow ones', async () => {
    const { open, state } = world();
    state.way = 400;
    const clock = await open();
    expect(state.database - Date.parse(clock.now())).toBe(400);
    state.way = 2;
    await clock.probe();
    expect(state.database - Date.parse(clock.now())).toBe(2);
    state.way = 5_000;
    await clock.probe();
    expect(state.database - Date.parse(clock.now())).toBe(2);
    clock.close();
  });

  it('never goes backwards: it stands still until the database has caught up', async () => {
    const { open, pass, state } = world();
    const clock = await open();
    clock.now();
    state.database -= 2_000;
    await clock.probe();
    expect(clock.now()).toBe('2026-11-20T12:00:00.000Z');
    pass(1_999);
    expect(clock.now()).toBe('2026-11-20T12:00:00.000Z');
    pass(2);
    expect(clock.now()).toBe('2026-11-20T12:00:00.001Z');
    clock.close();
  });

  it('goes on without the database, and says so once', async () => {
    const { open, pass, state, warnings } = world();
    const clock = await open();
    state.away = true;
    pass(5_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(clock.now()).toBe('2026-11-20T12:00:05.000Z');
    expect(warnings).toEqual(['The database clock cannot be read; going by the monotonic clock']);
    clock.close();
  });
});
