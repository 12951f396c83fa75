import { describe, expect, it } from 'vitest';
import { ActionPace } from '../../src/app/actionPace.ts';
import { CallTurns } from '../../src/app/callTurns.ts';
import { ReceiverRest } from '../../src/app/receiverRest.ts';

/** One action with a single place for requests, and waits for its receiver that end when the test lets them. */
function world(throttleMilliseconds = 0) {
  const ending = new AbortController();
  const { signal: closing } = ending;
  const turns = new CallTurns({ inAll: 10, ofOrganization: 1 });
  const waits: (() => void)[] = [];
  const pause = () => new Promise<void>((resolve) => void waits.push(resolve));
  const clock = { now: () => '2026-03-01T12:00:00.000Z' };
  const rest = new ReceiverRest({ clock, pause, closing });
  const caller = { organizationId: 'here', bulkActionId: 'a' };
  const pace = new ActionPace({ caller, turns, rest, throttleMilliseconds, closing });
  const other = { organizationId: 'here', bulkActionId: 'b' };
  const takeOther = () => turns.take(other, closing);
  return { pace, rest, waits, ending, closing, takeOther };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const later = '2026-03-01T12:01:00.000Z';

describe('the pace of a bulk action', () => {
  it('leaves its place to others while its receiver rests', async () => {
    const { pace, rest, waits, closing, takeOther } = world();
    rest.extend(later);
    const turn = pace.turn(closing);
    await settled();
    (await takeOther())?.();
    for (const end of waits) end();
    expect(await turn).not.toBeNull();
  });

  it('gives its place up when the receiver asked for a rest while it was waited for', async () => {
    const { pace, rest, waits, closing, takeOther } = world();
    const giveBack = await takeOther();
    const turn = pace.turn(closing);
    await settled();
    rest.extend(later);
    giveBack?.();
    await settled();
    expect(waits).toHaveLength(1);
    (await takeOther())?.();
    for (const end of waits) end();
    expect(await turn).not.toBeNull();
  });

  it('keeps the beginnings of two requests apart, however long each waited for a place', async () => {
    const { pace, closing, takeOther } = world(60);
    const giveBack = await takeOther();
    const began: number[] = [];
    const turns = [1, 2, 3].map(async () => {
      const done = await pace.turn(closing);
      began.push(performance.now());
      done?.();
    });
    await new Promise((resolve) => setTimeout(resolve, 130));
    giveBack?.();
    await Promise.all(turns);
    const [first = 0, second = 0, third = 0] = began;
    expect(second - first).toBeGreaterThanOrEqual(58);
    expect(third - second).toBeGreaterThanOrEqual(58);
  });

  it('is at an end for all that wait, and leaves no place taken', async () => {
    const { pace, ending, closing, takeOther } = world(60_000);
    (await pace.turn(closing))?.();
    const turns = [pace.turn(closing), pace.turn(closing)];
    await settled();
    ending.abort();
    expect(await Promise.all(turns)).toEqual([null, null]);
    expect(await takeOther()).toBeNull();
  });
});
