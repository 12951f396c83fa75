import { describe, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/scheduler.ts';

/** A clock and timers that move only when told to. */
function world(start = '2026-01-01T00:00:00.000Z') {
  let now = Date.parse(start);
  const timers = new Map<number, { callback: () => void; milliseconds: number }>();
  let count = 0;
  return {
    now: () => new Date(now).toISOString(),
    at: (milliseconds: number) => new Date(Date.parse(start) + milliseconds).toISOString(),
    move(milliseconds: number) {
      now += milliseconds;
    },
    startTimer(callback: () => void, milliseconds: number) {
      const id = count++;
      timers.set(id, { callback, milliseconds });
      return () => void timers.delete(id);
    },
    get timersStarted() {
      return count;
    },
    /** How long the sleep is; there is one at most. */
    get sleep() {
      expect(timers.size).toBeLessThanOrEqual(1);
      return [...timers.values()][0]?.milliseconds ?? null;
    },
    /** Lets the sleep end, and what it wakes run. */
    async endSleep() {
      const [[id, timer] = []] = timers;
      if (id === undefined || timer === undefined) throw new Error('It does not sleep.');
      timers.delete(id);
      timer.callback();
      await settled();
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function scheduled(run: () => Promise<string | null>, time = world()) {
  const errors: unknown[] = [];
  const scheduler = createScheduler({
    now: time.now,
    run,
    onError: (error) => errors.push(error),
    startTimer: time.startTimer,
  });
  return { scheduler, time, errors };
}

describe('the scheduler', () => {
  it('runs at once when started, then sleeps until what is due, a second at most', async () => {
    const due = [300, 5_000, null];
    let runs = 0;
    const { scheduler, time } = scheduled(async () => {
      const next = due[runs++] ?? null;
      return next === null ? null : time.at(next);
    });
    expect(scheduler.lastTickAt).toBeNull();
    scheduler.start();
    await settled();
    expect([runs, time.sleep]).toEqual([1, 300]);
    await time.endSleep();
    expect([runs, time.sleep]).toEqual([2, 1_000]);
    await time.endSleep();
    expect([runs, time.sleep]).toEqual([3, 1_000]);
    expect(scheduler.lastTickAt).toBe(time.now());
    await scheduler.stop();
    expect([time.sleep, scheduler.isRunning]).toEqual([null, false]);
  });

  it('wakes for an earlier instant, and not later for a later one', async () => {
    const { scheduler, time } = scheduled(async () => null);
    scheduler.start();
    await settled();
    scheduler.wake(time.at(200));
    expect(time.sleep).toBe(200);
    scheduler.wake(time.at(900));
    expect(time.sleep).toBe(200);
    scheduler.wake(time.at(-50));
    expect(time.sleep).toBe(0);
  });

  it('sleeps no longer for what it is told of, whatever it sleeps for', async () => {
    const { scheduler, time } = scheduled(async () => time.at(300));
    scheduler.start();
    await settled();
    scheduler.wake(time.at(300_000));
    expect(time.sleep).toBe(300);
    await scheduler.stop();
  });

  it('looks every second although it is told, again and again, of what is far away', async () => {
    const { scheduler, time } = scheduled(async () => null);
    scheduler.start();
    await settled();
    const before = time.timersStarted;
    for (let hour = 9; hour > 0; hour--) scheduler.wake(time.at(hour * 3_600_000));
    expect(time.timersStarted).toBe(before);
  });

  it('heeds an instant it is told of during a run', async () => {
    let finish = (_: string | null) => {};
    const { scheduler, time } = scheduled(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    scheduler.start();
    scheduler.wake(time.at(20));
    finish(time.at(700));
    await settled();
    expect(time.sleep).toBe(20);
  });

  it('never runs twice at a time, and stops only when the run has ended', async () => {
    let runs = 0;
    let finish = () => {};
    const { scheduler, time } = scheduled(async () => {
      runs += 1;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return null;
    });
    scheduler.start();
    void scheduler.tick();
    void scheduler.tick();
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    await settled();
    expect([runs, stopped]).toEqual([1, false]);
    finish();
    await stopping;
    expect(time.sleep).toBeNull();
  });

  it('reports what a run throws and goes on', async () => {
    let fails = true;
    const { scheduler, time, errors } = scheduled(async () => {
      if (fails) throw new Error('the database is away');
      return null;
    });
    scheduler.start();
    await settled();
    expect([errors.length, scheduler.lastTickAt, time.sleep]).toEqual([1, null, 1_000]);
    fails = false;
    await time.endSleep();
    expect(scheduler.lastTickAt).not.toBeNull();
  });

  it('keeps looking every second while the clock runs backwards', async () => {
    let runs = 0;
    const { scheduler, time } = scheduled(async () => {
      runs += 1;
      time.move(-3_600_000);
      return time.at(500);
    });
    scheduler.start();
    await settled();
    for (let sleep = 0; sleep < 5; sleep++) {
      expect(time.sleep).toBe(1_000);
      await time.endSleep();
    }
    expect(runs).toBe(6);
    time.move(6 * 3_600_000 + 400);
    scheduler.wake(time.at(500));
    expect(time.sleep).toBe(100);
  });
});
