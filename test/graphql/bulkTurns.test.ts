import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SendAction } from '../../src/domain/bulkAction/actionRequest.ts';
import { mutate } from '../support/mutate.ts';
import { BulkWorld, fine, until } from './bulkWorld.ts';

// Bulk actions of an organization go on side by side: what waits, or is never answered, holds nobody back.

let world: BulkWorld;
let abroad: BulkWorld;
const incidents: string[] = [];
let incidentAbroad: string;
beforeAll(async () => {
  world = await BulkWorld.open();
  abroad = await world.abroad();
  for (let n = 0; n < 5; n++) incidents.push(await world.burst(`origin ${n}`));
  incidentAbroad = await abroad.burst('origin');
});
afterAll(() => world?.close());

/** Requests that are not answered, of all instances of a test. */
let unanswered: { readonly id: string; readonly target: string; answer(): void }[];
beforeEach(() => {
  unanswered = [];
  world.receiver.answer = fine;
});
// Every test leaves every incident without a bulk action.
afterEach(async () => {
  await Promise.all(world.runners.splice(0).map((runner) => runner.stop()));
  const last = world.instance(world.send, { isAlone: true });
  for (const id of open.splice(0)) await world.workOff(last, id);
  for (const id of openAbroad.splice(0)) await abroad.workOff(last, id);
});

const open: string[] = [];
const openAbroad: string[] = [];

/** Begins one on the nth incident. */
async function begun(n: number, input: object = {}): Promise<string> {
  const id = await world.begun(incidents[n] ?? '', input);
  open.push(id);
  return id;
}

async function begunAbroad(input: object): Promise<string> {
  const id = await abroad.begun(incidentAbroad, input);
  openAbroad.push(id);
  return id;
}

const targetsOf = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n}`);

/** Sends for real, but for what is about a target named "slow": that is not answered before the test says so. */
function slowly(): SendAction {
  const { send } = world;
  return (request) => {
    const { target } = JSON.parse(request.body) as { target: string };
    if (!target.startsWith('slow')) return send(request);
    return new Promise((resolve) => {
      const one = {
        id: request.id,
        target,
        answer: () => {
          unanswered.splice(unanswered.indexOf(one), 1);
          resolve({ kind: 'ANSWERED', status: 200, body: '' });
        },
      };
      unanswered.push(one);
      request.signal.addEventListener('abort', () => resolve({ kind: 'FAILED', reason: 'It was ended.' }));
    });
  };
}

const statusOf = async (id: string) => (await world.bulkAction(id)).status;

describe('a fifth bulk action is over soon', () => {
  const urgent = { action: 'MUTE', targets: targetsOf('fast', 30) };

  test('although four have as many requests under way as they may, and none is answered', async () => {
    const slow: string[] = [];
    for (let n = 0; n < 4; n++) {
      slow.push(await begun(n, { targets: targetsOf(`slow ${n}`, 40), concurrency: 20 }));
    }
    const runner = world.instance(slowly());
    await runner.run();
    await until(() => unanswered.length > 40);
    const over = await world.workOff(runner, await begun(4, urgent));
    expect(over).toMatchObject({ status: 'COMPLETED', succeededCount: 30 });
    for (const id of slow) expect(await statusOf(id)).toBe('RUNNING');
    expect(unanswered.length).toBeLessThan(64);
    for (const { answer } of [...unanswered]) answer();
  });

  test('although four wait, since their receiver asked to be left alone: they hold no place', async () => {
    world.receiver.answer = (one, response) => {
      if (one.target.startsWith('busy')) response.writeHead(429, { 'retry-after': '60' }).end();
      else fine(one, response);
    };
    const resting: string[] = [];
    for (let n = 0; n < 4; n++) resting.push(await begun(n, { targets: targetsOf(`busy ${n}`, 3) }));
    // Nothing rings while they wait: pauses last until the work is ended.
    const pause = (_milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    const runner = world.instance(world.send, { pause, limits: { calls: 2, callsOfOrganization: 2 } });
    await runner.run();
    await until(() => resting.every((id) => world.asked(id).length > 0));
    const over = await world.workOff(runner, await begun(4, urgent));
    expect(over).toMatchObject({ status: 'COMPLETED', succeededCount: 30 });
    for (const id of resting) expect(await statusOf(id)).toBe('RUNNING');
    world.receiver.answer = fine;
  });

  test('although four begin one target a minute', async () => {
    const paced: string[] = [];
    for (let n = 0; n < 4; n++) {
      paced.push(await begun(n, { targets: targetsOf(`paced ${n}`, 2), throttleMilliseconds: 60_000 }));
    }
    const runner = world.instance(world.send, { limits: { calls: 1, callsOfOrganization: 1 } });
    await runner.run();
    await until(() => paced.every((id) => world.asked(id).length === 1));
    expect(await world.workOff(runner, await begun(4, urgent))).toMatchObject({ succeededCount: 30 });
    expect(paced.map((id) => world.asked(id).length)).toEqual([1, 1, 1, 1]);
    for (const [n, bulkActionId] of paced.entries()) {
      const cancel = { incidentId: incidents[n], bulkActionId };
      await mutate(world.api, world.here.user('ONCALL_ENGINEER'), 'cancelBulkAction', cancel);
      expect(await world.workOff(runner, bulkActionId)).toMatchObject({
        succeededCount: 1,
        cancelledCount: 1,
      });
    }
  });
});

test('requests under way are never more than the share of the organization, and all of them get done', async () => {
  const { send } = world;
  let atOnce = 0;
  let most = 0;
  const counting: SendAction = async (request) => {
    most = Math.max(most, ++atOnce);
    const outcome = await send(request);
    await new Promise((resolve) => setTimeout(resolve, 20));
    atOnce -= 1;
    return outcome;
  };
  const all: string[] = [];
  for (let n = 0; n < 4; n++) all.push(await begun(n, { targets: targetsOf(`${n}`, 70), concurrency: 9 }));
  const runner = world.instance(counting, { limits: { callsOfOrganization: 6 } });
  for (const id of all) {
    expect(await world.workOff(runner, id)).toMatchObject({ succeededCount: 70, failedCount: 0 });
    // Each once, though they are read page by page.
    expect(world.asked(id)).toHaveLength(70);
  }
  expect(most).toBeGreaterThan(4);
  expect(most).toBeLessThanOrEqual(6);
});

test('an organization whose requests are never answered leaves places to others', async () => {
  for (let n = 0; n < 3; n++) await begun(n, { targets: targetsOf('slow', 9), concurrency: 9 });
  const runner = world.instance(slowly(), { limits: { calls: 4, callsOfOrganization: 4 } });
  await runner.run();
  await until(() => unanswered.length > 1);
  const id = await begunAbroad({ targets: targetsOf('fast', 20) });
  expect(await abroad.workOff(runner, id)).toMatchObject({ status: 'COMPLETED', succeededCount: 20 });
  expect(unanswered.length).toBeLessThan(4);
  for (const { answer } of [...unanswered]) answer();
});

describe('cancelling', () => {
  test('ends at once what waits for a place, and nothing of it was asked', async () => {
    await begun(0, { targets: ['slow'], concurrency: 1 });
    const runner = world.instance(slowly(), { limits: { calls: 1 } });
    await runner.run();
    await until(() => unanswered.length === 1);
    const id = await begun(1, { targets: targetsOf('late', 3) });
    await runner.run();
    const cancel = { incidentId: incidents[1], bulkActionId: id };
    await mutate(world.api, world.here.user('ONCALL_ENGINEER'), 'cancelBulkAction', cancel);
    expect(await world.workOff(runner, id)).toMatchObject({ status: 'CANCELLED', cancelledCount: 3 });
    expect([world.asked(id).length, unanswered.length]).toEqual([0, 1]);
    unanswered[0]?.answer();
  });

  test('what is not known yet is known first', async () => {
    await begun(0, { targets: ['slow'], concurrency: 1 });
    const runner = world.instance(slowly(), { limits: { known: 1 } });
    await runner.run();
    await until(() => unanswered.length === 1);
    const id = await begun(1, { targets: ['late'] });
    const cancel = { incidentId: incidents[1], bulkActionId: id };
    await mutate(world.api, world.here.user('ONCALL_ENGINEER'), 'cancelBulkAction', cancel);
    expect(await world.workOff(runner, id)).toMatchObject({ status: 'CANCELLED', cancelledCount: 1 });
    for (const { answer } of [...unanswered]) answer();
  });
});

describe('when more are open than an instance knows', () => {
  test('it knows the first of each organization, and gives back what others are before', async () => {
    const [first, second] = [
      await begun(0, { targets: ['slow a'] }),
      await begun(1, { targets: ['slow b', 'b'], concurrency: 1 }),
    ];
    const runner = world.instance(slowly(), { limits: { known: 2 } });
    await runner.run();
    await until(() => unanswered.length === 2);
    const id = await begunAbroad({ targets: ['slow c'] });
    await runner.run();
    await until(() => unanswered.length === 3);
    // What it has under way of the second is finished by it, and nothing more.
    let byOther = 0;
    const { send } = world;
    const other = world.instance((request) => {
      byOther += 1;
      return send(request);
    });
    await other.run();
    expect(byOther).toBe(0);
    unanswered.find(({ target }) => target === 'slow b')?.answer();
    // What it has ended is given back at a look.
    const working = world.workOff(other, second);
    for (let looks = 0; looks < 20; looks++) {
      await runner.run();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await working).toMatchObject({ succeededCount: 2 });
    expect(byOther).toBe(1);
    for (const { answer } of [...unanswered]) answer();
    expect(await abroad.workOff(runner, id)).toMatchObject({ succeededCount: 1 });
    expect((await world.bulkAction(second)).targets.nodes).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    expect(await world.workOff(runner, first)).toMatchObject({ succeededCount: 1 });
  });

  test('it comes to know so many at a look', async () => {
    for (let n = 0; n < 3; n++) await begun(n, { targets: [`slow ${n}`] });
    const runner = world.instance(slowly(), { limits: { fresh: 2 } });
    await runner.run();
    await until(() => unanswered.length === 2);
    await runner.run();
    await until(() => unanswered.length === 3);
    for (const { answer } of [...unanswered]) answer();
  });
});

test('killed in the middle of five, all are finished by the next: no result twice, and again only what was under way', async () => {
  const all: string[] = [];
  for (let n = 0; n < 5; n++) {
    all.push(
      await begun(n, { targets: [...targetsOf('fast', 4), `slow ${n}`, `slow ${n} too`], concurrency: 3 }),
    );
  }
  const killed = world.instance(slowly(), { limits: { callsOfOrganization: 12 } });
  await killed.run();
  await until(() => all.every((id) => world.asked(id).length === 4) && unanswered.length === 10);
  world.runners.splice(world.runners.indexOf(killed), 1);
  const next = world.instance(world.send, { isAlone: true });
  for (const id of all) {
    const over = await world.workOff(next, id);
    expect(over).toMatchObject({ status: 'COMPLETED', succeededCount: 6 });
    expect(over.targets.nodes.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 2, 2]);
    expect(new Set(world.asked(id).map((one) => one.id)).size).toBe(6);
  }
});
