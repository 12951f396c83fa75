import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { isSigned } from '../support/actionReceiver.ts';
import { mutate } from '../support/mutate.ts';
import { type Bulk, BulkWorld, fine, until } from './bulkWorld.ts';

let world: BulkWorld;
beforeAll(async () => {
  world = await BulkWorld.open();
});
afterAll(() => world?.close());

describe('a bulk action', () => {
  test('asks about each target once, signed, and keeps what each came to: that some fail is its result', async () => {
    world.receiver.answer = ({ target }, response) => {
      const status = target === 'b' ? 422 : target === 'c' ? 503 : 200;
      response.writeHead(status).end(`${status} ${target}\u0000`);
    };
    const incidentId = await world.burst('a', 'b', 'c', 'd');
    const begun = await world.run(incidentId);
    expect(begun.events?.map(({ type }) => type)).toEqual(['INCIDENT_BULK_ACTION_STARTED']);
    const { id } = begun.bulkAction as Bulk;
    const over = await world.workOff(world.instance(), id);
    expect(over).toMatchObject({ status: 'COMPLETED', succeededCount: 2, failedCount: 2, cancelledCount: 0 });
    expect(over.targets.nodes).toMatchObject([
      { target: 'a', state: 'SUCCEEDED', attempts: 1, httpStatus: 200, response: '200 a ', error: null },
      { target: 'b', state: 'FAILED', attempts: 1, httpStatus: 422, error: 'It was answered 422.' },
      // Only what may pass is tried again, always under one id.
      { target: 'c', state: 'FAILED', attempts: 3, httpStatus: 503 },
      { target: 'd', state: 'SUCCEEDED', attempts: 1 },
    ]);
    const received = world.asked(id);
    expect(received.map(({ target }) => target).sort()).toEqual(['a', 'b', 'c', 'c', 'c', 'd']);
    expect(new Set(received.map((one) => one.id)).size).toBe(4);
    for (const one of received) {
      expect(isSigned(one, world.secret)).toBe(true);
      const kept = over.targets.nodes.find(({ target }) => target === one.target);
      expect([kept?.webhookId, kept?.request]).toEqual([one.id, one.text]);
      expect(one.body).toMatchObject({
        type: 'warroom.target_action',
        action: 'FORCE_RUN',
        source: 'reminders',
      });
    }
  });

  test('is an action of its incident, and leaves a run for every target that carries the incident', async () => {
    world.receiver.answer = fine;
    const incidentId = await world.burst('a', 'b');
    const id = await world.begun(incidentId, { targets: ['a', 'x'] });
    await world.workOff(world.instance(), id);
    const { incident } = await world.read<{ incident: Record<string, unknown> }>(
      `query($id: ID!) { incident(id: $id) {
         lastAction { kind label actor { kind } } actions { nodes { kind label } }
         bulkActions { nodes { id status label incident { id } startedBy { kind } } }
         runs { nodes { target status bulkActionId incident { id } } } burst { errorCount }
         timeline { nodes { type message } }
       } }`,
      { id: incidentId },
    );
    const label = 'Run 2 targets of reminders';
    expect(incident).toMatchObject({
      lastAction: { kind: 'BULK', label, actor: { kind: 'USER' } },
      actions: { nodes: [{ kind: 'BULK', label }] },
      bulkActions: {
        nodes: [{ id, status: 'COMPLETED', incident: { id: incidentId }, startedBy: { kind: 'USER' } }],
      },
      burst: { errorCount: 2 },
    });
    const { nodes } = incident.runs as { nodes: { target: string; bulkActionId: string | null }[] };
    const audit = nodes.filter(({ bulkActionId }) => bulkActionId === id);
    expect(audit.map(({ target }) => target).sort()).toEqual(['a', 'x']);
    expect(audit).toMatchObject([{ incident: { id: incidentId } }, { incident: { id: incidentId } }]);
    const messages = JSON.stringify(incident.timeline);
    expect(messages).toContain(`began a bulk action: ${label}.`);
    expect(messages).toContain('The bulk action is over');
  });

  test('has so many requests under way at a time, and so long between the beginnings of two', async () => {
    world.receiver.answer = (one, response) => void setTimeout(() => fine(one, response), 20);
    const incidentId = await world.burst('a');
    const targets = Array.from({ length: 12 }, (_, n) => `t${n}`);
    const id = await world.begun(incidentId, { targets, concurrency: 3 });
    await world.workOff(world.instance(), id);
    expect(world.receiver.mostAtOnce()).toBeLessThanOrEqual(5);
    const began = performance.now();
    const slow = await world.run(incidentId, { targets: ['a', 'b', 'c'], throttleMilliseconds: 60 });
    await world.workOff(world.instance(), (slow.bulkAction as Bulk).id);
    expect(performance.now() - began).toBeGreaterThanOrEqual(110);
  });

  test('cancelled midway begins nothing more, and finishes what is under way', async () => {
    const waiting: (() => void)[] = [];
    world.receiver.answer = (one, response) => void waiting.push(() => void fine(one, response));
    const incidentId = await world.burst('a');
    const targets = Array.from({ length: 6 }, (_, n) => `t${n}`);
    const id = await world.begun(incidentId, { targets, concurrency: 2 });
    const runner = world.instance();
    await runner.run();
    await until(() => waiting.length === 2);
    const by = world.here.user('ONCALL_ENGINEER');
    const cancelled = await mutate(world.api, by, 'cancelBulkAction', { incidentId, bulkActionId: id });
    expect(cancelled.events?.map(({ type }) => type)).toEqual(['INCIDENT_BULK_ACTION_CANCELLED']);
    expect((await world.bulkAction(id)).status).toBe('CANCELLING');
    await runner.run();
    for (const answer of waiting) answer();
    const over = await world.workOff(runner, id);
    expect(over).toMatchObject({ status: 'CANCELLED', succeededCount: 2, cancelledCount: 4 });
    expect(world.asked(id)).toHaveLength(2);
    const late = await mutate(world.api, by, 'cancelBulkAction', { incidentId, bulkActionId: id });
    expect(late).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['bulkActionId'] }] });
  });

  test('goes on when its instance is gone: nothing with a result again, the rest under the same ids', async () => {
    world.receiver.answer = fine;
    const incidentId = await world.burst('a');
    const targets = ['t0', 't1', 't2', 't3', 't4'];
    const id = await world.begun(incidentId, { targets, concurrency: 2 });
    // It carries out what it is asked for, and is gone before it hears the answer of the last two.
    const real = world.send;
    const gone = world.instance(async (request) => {
      const outcome = await real(request);
      return JSON.parse(request.body).target === 't0' ? outcome : new Promise(() => {});
    });
    await gone.run();
    await until(() => world.asked(id).length === 3);
    const successor = world.instance();
    await successor.run();
    expect(world.asked(id)).toHaveLength(3);
    // Its lease has to be over first.
    world.api.clock.advance(10_000);
    const over = await world.workOff(successor, id);
    expect(over).toMatchObject({ status: 'COMPLETED', succeededCount: 5 });
    const sent = (target: string) => world.asked(id).filter((one) => one.target === target);
    expect(targets.map((target) => sent(target).length)).toEqual([1, 2, 2, 1, 1]);
    expect(targets.map((target) => new Set(sent(target).map((one) => one.id)).size)).toEqual([1, 1, 1, 1, 1]);
    world.runners.splice(world.runners.indexOf(gone), 1);
  });

  test('is worked off by one instance at a time, however many look', async () => {
    world.receiver.answer = fine;
    const incidentId = await world.burst('a');
    const targets = Array.from({ length: 16 }, (_, n) => `t${n}`);
    const id = await world.begun(incidentId, { targets, concurrency: 4 });
    const [one, other] = [world.instance(), world.instance()];
    await Promise.all([world.workOff(one, id), world.workOff(other, id)]);
    expect(
      world
        .asked(id)
        .map(({ target }) => target)
        .sort(),
    ).toEqual([...targets].sort());
  });

  test('that stops in the middle is gone on with at once', async () => {
    world.receiver.answer = (one, response) => void setTimeout(() => fine(one, response), 10);
    const incidentId = await world.burst('a');
    const targets = Array.from({ length: 12 }, (_, n) => `t${n}`);
    const id = await world.begun(incidentId, { targets, concurrency: 2 });
    const stopping = world.instance();
    await stopping.run();
    await until(() => world.asked(id).length > 2);
    await stopping.stop();
    const over = await world.workOff(world.instance(), id);
    expect(over).toMatchObject({ succeededCount: 12 });
    expect(world.asked(id)).toHaveLength(12);
  });

  test('runs alone on its incident, and once for one idempotency key', async () => {
    world.receiver.answer = fine;
    const incidentId = await world.burst('a');
    const first = await world.run(incidentId, { idempotencyKey: 'once' });
    const again = await world.run(incidentId, { idempotencyKey: 'once' });
    expect((again.bulkAction as Bulk).id).toBe((first.bulkAction as Bulk).id);
    expect(await world.run(incidentId)).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['incidentId'] }],
    });
    await world.workOff(world.instance(), (first.bulkAction as Bulk).id);
    expect(await world.run(incidentId, { source: 'imports' })).toMatchObject({
      fields: [{ path: ['source'] }],
    });
    expect(await world.run(incidentId, { targets: [] })).toMatchObject({ fields: [{ path: ['targets'] }] });
  });

  test('whose webhook leads inward, or is gone, fails target by target', async () => {
    const incidentId = await world.burst('a');
    const administer = (name: string, input: Record<string, unknown>) =>
      mutate(world.api, world.here.user('ORG_ADMIN'), name, input);
    const imports = { source: 'imports', targets: ['a'] };
    await administer('setActionWebhook', { source: 'imports', url: 'https://169.254.169.254/latest' });
    const inward = (await world.run(incidentId, imports)).bulkAction as Bulk;
    expect((await world.workOff(world.instance(), inward.id)).targets.nodes).toMatchObject([
      {
        state: 'FAILED',
        attempts: 1,
        httpStatus: null,
        error: expect.stringContaining('WARROOM_OUTBOUND_ALLOW'),
      },
    ]);
    const gone = (await world.run(incidentId, imports)).bulkAction as Bulk;
    await administer('removeActionWebhook', { source: 'imports' });
    expect((await world.workOff(world.instance(), gone.id)).targets.nodes).toMatchObject([
      { state: 'FAILED', error: 'The source has no action webhook any more.' },
    ]);
  });

  test("is nobody else's to see, to cancel or to begin", async () => {
    world.receiver.answer = fine;
    const incidentId = await world.burst('a');
    const id = await world.begun(incidentId);
    const foreign = world.there.user('ORG_ADMIN');
    expect(await world.read('query($id: ID!) { bulkAction(id: $id) { id } }', { id }, foreign)).toEqual({
      bulkAction: null,
    });
    for (const [name, input] of [
      ['runBulkAction', { incidentId, action: 'MUTE', targets: ['a'] }],
      ['cancelBulkAction', { incidentId, bulkActionId: id }],
    ] as const) {
      expect(await mutate(world.api, foreign, name, input)).toMatchObject({ __typename: 'NotFoundError' });
      expect(await mutate(world.api, world.here.user('MEMBER'), name, input)).toMatchObject({
        __typename: 'ForbiddenError',
      });
    }
    await world.workOff(world.instance(), id);
  });
});

test('its progress comes at once, then whenever it is further, until it is over: then it is complete', async () => {
  world.receiver.answer = fine;
  const incidentId = await world.burst('a');
  const id = await world.begun(incidentId, { targets: ['t0', 't1', 't2'], concurrency: 1 });
  const document = `subscription($id: ID!) { bulkActionProgress(id: $id) {
    status pendingCount succeededCount finishedAt } }`;
  const ending = new AbortController();
  const foreign = await world.api.subscribe(world.there.user('VIEWER'), document, { id }, ending.signal);
  expect(foreign).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  const stream = await world.api.subscribe(world.here.user('VIEWER'), document, { id }, ending.signal);
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  const told: Bulk[] = [];
  const working = world.workOff(world.instance(), id);
  for await (const { data } of stream) {
    const { bulkActionProgress } = data as unknown as { bulkActionProgress: Bulk };
    told.push(bulkActionProgress);
  }
  ending.abort();
  await working;
  expect(told.at(-1)).toMatchObject({ status: 'COMPLETED', pendingCount: 0, succeededCount: 3 });
  const succeeded = told.map(({ succeededCount }) => Number(succeededCount));
  expect(succeeded).toEqual([...succeeded].sort());
});

test('what is kept of bulk actions is what the ledger says, and results stay as they are', async () => {
  expect(await compareProjections(world.api.database, world.here.organizationId)).toEqual([]);
});
