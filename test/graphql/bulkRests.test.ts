import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pause } from '../../src/app/pause.ts';
import { plusMilliseconds } from '../../src/domain/instant.ts';
import { mutate } from '../support/mutate.ts';
import { BulkWorld, until } from './bulkWorld.ts';

// A receiver that asks to be left alone is: with Retry-After, for all targets of the action, a minute at most.

let world: BulkWorld;
let incidentId: string;
/** Target → what it is answered the first times, as status and Retry-After; 200 from then on. */
let busy: Map<string, [status: number, retryAfter: string][]>;
beforeAll(async () => {
  world = await BulkWorld.open();
  incidentId = await world.burst('a');
});
afterAll(() => world?.close());
beforeEach(() => {
  busy = new Map();
  world.receiver.answer = ({ target }, response) => {
    const [status, retryAfter] = busy.get(target)?.shift() ?? [200, null];
    response.writeHead(status, retryAfter === null ? {} : { 'retry-after': retryAfter }).end(`${status}`);
  };
});

/** Waits that end when the test lets them, or their signal does. */
function handPauses() {
  const waits: { milliseconds: number; end: () => void }[] = [];
  const pause = (milliseconds: number, signal: AbortSignal) =>
    new Promise<void>((end) => {
      waits.push({ milliseconds, end });
      signal.addEventListener('abort', () => end());
    });
  return { waits, pause };
}

/** One that is begun and looked after until the receiver was asked for the first time and a wait begins. */
async function resting(targets: string[], concurrency = 1) {
  const id = await world.begun(incidentId, { targets, concurrency });
  const hand = handPauses();
  const runner = world.instance(world.send, { pause: hand.pause });
  await runner.run();
  await until(() => hand.waits.length > 0);
  return { id, runner, ...hand };
}

describe('a bulk action whose receiver is busy', () => {
  test('waits as long as it says, and says until when', async () => {
    busy.set('a', [[429, '30']]);
    const { id, runner, waits } = await resting(['a']);
    const retryAt = plusMilliseconds(world.api.clock.now(), 30_000);
    expect(waits).toMatchObject([{ milliseconds: 30_000 }]);
    const waiting = await world.bulkAction(id);
    expect(waiting).toMatchObject({ status: 'RUNNING', retryAt });
    const error = 'It was answered 429.';
    expect(waiting.targets.nodes).toMatchObject([
      { state: 'RUNNING', attempts: 1, httpStatus: 429, response: '429', error, retryAt, at: null },
    ]);
    waits[0]?.end();
    const over = await world.workOff(runner, id);
    expect(over).toMatchObject({ status: 'COMPLETED', succeededCount: 1, retryAt: null });
    expect(over.targets.nodes).toMatchObject([
      { state: 'SUCCEEDED', attempts: 2, httpStatus: 200, error: null, retryAt: null },
    ]);
    expect(new Set(world.asked(id).map((one) => one.id)).size).toBe(1);
  });

  test('asks about no other target meanwhile', async () => {
    busy.set('a', [[503, '20']]);
    const { id, runner, waits } = await resting(['a', 'b', 'c'], 2);
    // The second was asked at the same time as the first; the third waits.
    await until(() => waits.length === 2);
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([20_000, 20_000]);
    const states = (await world.bulkAction(id)).targets.nodes.map(({ state }) => state);
    expect(states).toEqual(['RUNNING', 'SUCCEEDED', 'PENDING']);
    for (const { end } of waits) end();
    expect(await world.workOff(runner, id)).toMatchObject({ succeededCount: 3 });
  });

  test.each([
    [429, '3600', 60_000],
    [503, '0', 1_000],
    [503, 'whenever', 1_000],
    // It means something else there.
    [500, '30', 1_000],
  ])('answering %i with %j has it wait %i ms', async (status, retryAfter, expected) => {
    busy.set('a', [[status, retryAfter]]);
    const { id, runner, waits } = await resting(['a']);
    expect(waits).toMatchObject([{ milliseconds: expected }]);
    waits[0]?.end();
    await world.workOff(runner, id);
  });

  test('that names a date waits until then, by its own clock', async () => {
    world.receiver.answer = (_request, response) => {
      response.setHeader('date', 'Sun, 06 Nov 1994 08:49:37 GMT');
      response.writeHead(429, { 'retry-after': 'Sun, 06 Nov 1994 08:49:57 GMT' }).end();
    };
    const { id, runner, waits } = await resting(['a']);
    expect(waits).toMatchObject([{ milliseconds: 20_000 }]);
    world.receiver.answer = (_request, response) => void response.end();
    waits[0]?.end();
    await world.workOff(runner, id);
  });

  test('and stays so fails in the end, of which every try is told', async () => {
    busy.set('a', [
      [429, '2'],
      [429, '2'],
      [429, '2'],
    ]);
    const id = await world.begun(incidentId, { targets: ['a'] });
    const over = await world.workOff(world.instance(), id);
    expect(over.targets.nodes).toMatchObject([
      { state: 'FAILED', attempts: 3, httpStatus: 429, retryAt: null },
    ]);
  });

  test('ends its wait when it is cancelled, with what the last try came to', async () => {
    busy.set('a', [[429, '60']]);
    const { id, runner } = await resting(['a', 'b']);
    const by = world.here.user('ONCALL_ENGINEER');
    await mutate(world.api, by, 'cancelBulkAction', { incidentId, bulkActionId: id });
    const over = await world.workOff(runner, id);
    expect(over).toMatchObject({ status: 'CANCELLED', failedCount: 1, cancelledCount: 1 });
    expect(over.targets.nodes).toMatchObject([
      { state: 'FAILED', attempts: 1, error: 'It was answered 429.', retryAt: null },
      { state: 'CANCELLED' },
    ]);
    expect(world.asked(id)).toHaveLength(1);
  });
});

describe('an instance that goes on with it', () => {
  test('waits for what is left of the wait', async () => {
    busy.set('a', [[429, '45']]);
    const { id, runner: stopping } = await resting(['a', 'b']);
    await stopping.stop();
    world.api.clock.advance(15_000);
    const { waits, pause } = handPauses();
    const successor = world.instance(world.send, { pause });
    await successor.run();
    await until(() => waits.length > 0);
    expect(waits).toMatchObject([{ milliseconds: 30_000 }]);
    expect(world.asked(id)).toHaveLength(1);
    world.api.clock.advance(30_000);
    for (const { end } of waits) end();
    const over = await world.workOff(successor, id);
    expect(over).toMatchObject({ succeededCount: 2, retryAt: null });
    expect(over.targets.nodes).toMatchObject([{ attempts: 2 }, { attempts: 1 }]);
  });

  test('when it is cancelled meanwhile, does not ask again', async () => {
    busy.set('a', [[503, '45']]);
    const { id, runner: stopping } = await resting(['a']);
    await stopping.stop();
    const by = world.here.user('ONCALL_ENGINEER');
    await mutate(world.api, by, 'cancelBulkAction', { incidentId, bulkActionId: id });
    const over = await world.workOff(world.instance(), id);
    expect(over.targets.nodes).toMatchObject([{ state: 'FAILED', attempts: 1, httpStatus: 503 }]);
    expect(world.asked(id)).toHaveLength(1);
  });
});

test('a wait is a real one', async () => {
  busy.set('a', [[429, '2']]);
  const id = await world.begun(incidentId, { targets: ['a'] });
  const began = performance.now();
  const over = await world.workOff(world.instance(world.send, { pause }), id);
  expect(over).toMatchObject({ succeededCount: 1 });
  expect(performance.now() - began).toBeGreaterThan(1_900);
});
