import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { type Bulk, BulkWorld, fine } from './bulkWorld.ts';

let world: BulkWorld;
beforeAll(async () => {
  world = await BulkWorld.open();
});
afterAll(() => world?.close());

test('a muted target counts no more until it is unmuted, by when its runs failed', async () => {
  world.receiver.answer = ({ target }, response) =>
    void response.writeHead(target === 'm2' ? 500 : 204).end();
  const incidentId = await world.burst('m1', 'm2');
  const mute = (await world.run(incidentId, { action: 'MUTE' })).bulkAction as Bulk;
  await world.workOff(world.instance(), mute.id);
  const counted = async () =>
    (
      await world.read<{ incident: { burst: { errorCount: number }; targets: { nodes: object[] } } }>(
        'query($id: ID!) { incident(id: $id) { burst { errorCount } targets { nodes { target muted } } } }',
        { id: incidentId },
      )
    ).incident;
  expect((await counted()).targets.nodes).toEqual([
    { target: 'm1', muted: true },
    { target: 'm2', muted: false },
  ]);
  const muted = () =>
    world.read('{ mutedTargets(source: "reminders") { nodes { target bulkAction { id } } } }', {});
  expect(await muted()).toEqual({
    mutedTargets: { nodes: [{ target: 'm1', bulkAction: { id: mute.id } }] },
  });
  expect(
    await world.read(
      '{ mutedTargets(source: "reminders") { nodes { target } } }',
      {},
      world.there.user('VIEWER'),
    ),
  ).toEqual({
    mutedTargets: { nodes: [] },
  });
  world.api.clock.advance(1_000);
  expect(await world.report('m1', 'm2')).toEqual([null, incidentId]);
  expect((await counted()).burst.errorCount).toBe(3);
  const whileMuted = world.api.clock.now();
  world.api.clock.advance(1_000);
  const unmute = (await world.run(incidentId, { action: 'UNMUTE', targets: ['m1'] })).bulkAction as Bulk;
  await world.workOff(world.instance(), unmute.id);
  expect(await muted()).toEqual({ mutedTargets: { nodes: [] } });
  expect(await world.report('m1')).toEqual([incidentId]);
  expect((await counted()).burst.errorCount).toBe(4);
  // What failed while it was muted is told late: the source had that run before it was told to go on.
  expect(await world.reportAt(whileMuted, 'm1', 'm2')).toEqual([null, incidentId]);
  expect((await counted()).burst.errorCount).toBe(5);
  expect((await counted()).targets.nodes).toMatchObject([{ muted: false }, { muted: false }]);
  const again = (await world.run(incidentId, { action: 'MUTE', targets: ['m1'] })).bulkAction as Bulk;
  await world.workOff(world.instance(), again.id);
  expect((await counted()).targets.nodes).toMatchObject([{ muted: true }, { muted: false }]);
  expect(await muted()).toMatchObject({ mutedTargets: { nodes: [{ bulkAction: { id: again.id } }] } });
});

test('what failed long ago is judged by how it was then, however often its target was muted since', async () => {
  world.receiver.answer = fine;
  const incidentId = await world.burst('often');
  const runner = world.instance();
  const turn = async (action: string) => {
    world.api.clock.advance(1_000);
    await world.workOff(runner, await world.begun(incidentId, { action, targets: ['often'] }));
    return world.api.clock.now();
  };
  const free = [world.api.clock.now()];
  const muted: string[] = [];
  for (let turns = 0; turns < 52; turns++) {
    muted.push(await turn('MUTE'));
    free.push(await turn('UNMUTE'));
  }
  const incidents = async (instants: readonly string[]) => {
    const found: (string | null)[] = [];
    for (const at of instants) found.push(...(await world.reportAt(at, 'often')));
    return found;
  };
  expect(await incidents(muted)).toEqual(muted.map(() => null));
  expect(await incidents(free)).toEqual(free.map(() => incidentId));
}, 60_000);

test('muted, unmuted and muted again at one instant, it is muted', async () => {
  world.receiver.answer = fine;
  const incidentId = await world.burst('thrice');
  const runner = world.instance();
  for (const action of ['MUTE', 'UNMUTE', 'MUTE']) {
    await world.workOff(runner, await world.begun(incidentId, { action, targets: ['thrice'] }));
  }
  world.api.clock.advance(1_000);
  expect(await world.report('thrice')).toEqual([null]);
});

test('what is kept of it is what the ledger says', async () => {
  expect(await compareProjections(world.api.database, world.here.organizationId)).toEqual([]);
});
