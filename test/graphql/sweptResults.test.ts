import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../../src/app/verify.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { readGlobalId } from '../../src/graphql/globalId.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { databaseLedgerSource } from '../../src/store/read/ledgerRows.ts';
import { sweep } from '../../src/store/sweep.ts';
import { BulkWorld, fine } from './bulkWorld.ts';

let world: BulkWorld;
beforeAll(async () => {
  world = await BulkWorld.open();
});
afterAll(() => world?.close());

const inDays = (days: number) => plusMinutes(world.api.clock.now(), days * 24 * 60);
const document = `query($id: ID!) { bulkAction(id: $id) {
  status succeededCount failedCount cancelledCount pendingCount resultsSweptAt targets { nodes { target } } } }`;
const read = async (id: string) => (await world.read<{ bulkAction: object }>(document, { id })).bulkAction;

/** What `verify` finds, `days` from now. */
async function found(days: number, source = databaseLedgerSource(world.api.database)) {
  const { tampering, differences } = await verify({ source, now: inDays(days), organization: 'here' });
  return [...tampering, ...differences];
}

test('what targets came to is forgotten after 90 days, its counts and what it muted stay, and it says so', async () => {
  world.receiver.answer = (one, response) =>
    one.target === 's2' ? void response.writeHead(422).end() : fine(one, response);
  const incidentId = await world.burst('s1', 's2');
  const id = await world.begun(incidentId, { action: 'MUTE' });
  await world.workOff(world.instance(), id);
  const running = await world.begun(incidentId, { targets: ['s3', 's4'] });
  const counts = {
    status: 'COMPLETED',
    succeededCount: 1,
    failedCount: 1,
    cancelledCount: 0,
    pendingCount: 0,
  };
  const kept = { ...counts, resultsSweptAt: null, targets: { nodes: [{ target: 's1' }, { target: 's2' }] } };
  expect(await sweep(world.api.database, 'bulkResults', inDays(90))).toBe(0);
  expect(await read(id)).toEqual(kept);
  expect(await found(90)).toEqual([]);
  expect(await sweep(world.api.database, 'bulkResults', inDays(91))).toBe(2);
  expect(await sweep(world.api.database, 'bulkResults', inDays(92))).toBe(0);
  expect(await read(id)).toEqual({ ...counts, resultsSweptAt: inDays(91), targets: null });
  expect(await found(91)).toEqual([]);
  expect(await compareProjections(world.api.database, world.here.organizationId)).toEqual([]);
  // What is not over stays, and what was muted is muted still.
  expect(await read(running)).toMatchObject({ pendingCount: 2, resultsSweptAt: null });
  world.api.clock.advance(1_000);
  expect(await world.report('s1')).toEqual([null]);
});

test('who follows one that was swept is told that it is over', async () => {
  const [row] = await world.api.database.asOrganization(
    world.here.organizationId,
    'SELECT id FROM warroom.bulk_action WHERE results_swept_at IS NOT NULL',
  );
  const query =
    'subscription($id: ID!) { bulkActionProgress(id: $id) { status succeededCount failedCount } }';
  const id = Buffer.from(`BulkAction:${row?.id}`).toString('base64');
  const events = await world.api.subscribe(world.here.user('VIEWER'), query, { id });
  const told: unknown[] = [];
  for await (const { data } of events as AsyncIterable<{ data: object }>) told.push(data);
  expect(told).toEqual([{ bulkActionProgress: { status: 'COMPLETED', succeededCount: 1, failedCount: 1 } }]);
});

test('what goes on while it is verified is no tampering', async () => {
  world.receiver.answer = fine;
  const incidentId = await world.burst('v1');
  const id = await world.begun(incidentId, { action: 'MUTE' });
  const source = databaseLedgerSource(world.api.database);
  let isOver = false;
  const lively: typeof source = {
    ...source,
    async bulkAction(organizationId, bulkActionId) {
      // It ends after the ledger was read, and before its rows are.
      if (!isOver && bulkActionId === readGlobalId(id).id) await world.workOff(world.instance(), id);
      if (bulkActionId === readGlobalId(id).id) isOver = true;
      return source.bulkAction(organizationId, bulkActionId);
    },
  };
  expect(await found(91, lively)).toEqual([]);
  expect(isOver).toBe(true);
});
