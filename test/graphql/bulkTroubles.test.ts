import { afterAll, beforeAll, expect, test } from 'vitest';
import { BulkWorld, fine, until } from './bulkWorld.ts';

let world: BulkWorld;
let incidentId: string;
beforeAll(async () => {
  world = await BulkWorld.open();
  incidentId = await world.burst('a');
});
afterAll(() => world?.close());

const busy = { kind: 'ANSWERED', status: 503, body: '' } as const;

test('an instance that stops gives up no target that is worth another try', async () => {
  world.receiver.answer = fine;
  const id = await world.begun(incidentId, { targets: ['t0', 't1'], concurrency: 2 });
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let asked = 0;
  const stopping = world.instance(async () => {
    asked += 1;
    await answered;
    return busy;
  });
  await stopping.run();
  await until(() => asked === 2);
  const stopped = stopping.stop();
  answer();
  await stopped;
  expect(await world.workOff(world.instance(), id)).toMatchObject({ succeededCount: 2, failedCount: 0 });
});

test('what a killed process had is free at once for one that has the database to itself', async () => {
  world.receiver.answer = fine;
  const id = await world.begun(incidentId, { targets: ['t0', 't1'], concurrency: 1 });
  let hasAsked = false;
  const killed = world.instance(() => {
    hasAsked = true;
    return new Promise(() => {});
  });
  await killed.run();
  await until(() => hasAsked);
  const other = world.instance();
  await other.run();
  expect((await world.bulkAction(id)).succeededCount).toBe(0);
  const alone = world.instance(world.send, { isAlone: true });
  expect(await world.workOff(alone, id)).toMatchObject({ status: 'COMPLETED', succeededCount: 2 });
  world.runners.splice(world.runners.indexOf(killed), 1);
});

test('when one target cannot be worked off, the others have ended before any is asked about again', async () => {
  const id = await world.begun(incidentId, { targets: ['t0', 't1', 't2'], concurrency: 2 });
  const underWay = new Set<string>();
  let hasFailed = false;
  let overlapped = false;
  const runner = world.instance(async (request) => {
    overlapped ||= underWay.has(request.id);
    underWay.add(request.id);
    await new Promise((resolve) => setTimeout(resolve, 40));
    if (request.id.endsWith('/1') && !hasFailed) {
      hasFailed = true;
      underWay.delete(request.id);
      throw new Error('The database is away.');
    }
    await new Promise((resolve) => setTimeout(resolve, 80));
    underWay.delete(request.id);
    return { kind: 'ANSWERED', status: 200, body: '' };
  });
  const over = await world.workOff(runner, id);
  expect([over.succeededCount, overlapped]).toEqual([3, false]);
  expect(over.targets.nodes).toMatchObject([{ attempts: 2 }, { attempts: 1 }, { attempts: 1 }]);
});

test('a cursor of another list is refused', async () => {
  const id = await world.begun(incidentId, { targets: ['t0'] });
  const document = `query($id: ID!, $after: String) { bulkAction(id: $id) {
    targets(first: 1, after: $after) { nodes { target } } } }`;
  const after = Buffer.from('["Infinity"]').toString('base64url');
  const { errors } = await world.api.run(world.here.user('VIEWER'), document, { id, after });
  expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  await world.workOff(world.instance(), id);
});
