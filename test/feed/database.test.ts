import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHandle } from '../../src/app/handle.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import { createFeed, type FeedLimits } from '../../src/feed/createFeed.ts';
import type { FeedEntry, FeedInbox } from '../../src/feed/entry.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createLog } from '../../src/log.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const log = createLog('silent');
const clock = { now: () => new Date().toISOString() };
const actor: Actor = { kind: 'USER', id: 'user-feed', role: 'ORG_ADMIN' };
const forever = () => new AbortController().signal;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

async function organization(): Promise<string> {
  const organizationId = v7();
  const founded = await foundOrganization(database, {
    organizationId,
    slug: `feed-${organizationId}`,
    name: 'Feed',
    at: clock.now(),
    commandId: v7(),
    administrator: { userId: 'user-feed', name: 'Ada', email: 'ada@feed.example' },
    key: null,
  });
  expect(founded).not.toBeNull();
  return organizationId;
}

/** An instance: a feed, and a door that tells `inbox`. */
function instance(limits: Partial<FeedLimits> = {}, inbox?: FeedInbox) {
  const feed = createFeed({ database, log, limits });
  const handle = createHandle({ store: createPostgresStore(database), clock, inbox: inbox ?? feed, log });
  return { feed, handle };
}

type Instance = ReturnType<typeof instance>;

async function declare({ handle }: Instance, organizationId: string): Promise<string> {
  const answer = await handle({
    organizationId,
    actor,
    target: { by: 'new' },
    command: { name: 'declareIncident', input: { title: 'Checkout answers 500', severity: 'SEV3' } },
  });
  if (answer.kind !== 'done' || answer.incident === null) throw new Error(JSON.stringify(answer));
  return answer.incident.state.id;
}

async function note(
  { handle }: Instance,
  organizationId: string,
  incidentId: string,
  message: string,
): Promise<void> {
  const answer = await handle({
    organizationId,
    actor,
    target: { by: 'id', incidentId },
    command: { name: 'addIncidentNote', input: { message } },
  });
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
}

async function take(feed: Feed, organizationId: string, after: number, until: number): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  const following = feed.follow({ organizationId, ledger: 'INCIDENTS', after, signal: forever() });
  for await (const entry of following) {
    entries.push(entry);
    if (entry.entry.sequence >= until) break;
  }
  return entries;
}

const sequences = (entries: readonly FeedEntry[]) => entries.map(({ entry }) => entry.sequence);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** The same entry, whether the write path handed it over or the database was read. */
// An entry that was read parses its event when it is looked at.
const comparable = ({ entry, after }: FeedEntry) =>
  JSON.parse(JSON.stringify({ entry: { ...entry, event: 'event' in entry && entry.event }, after }));

describe('the feed on a real database', () => {
  it('gives the same entries and states from the write path and from the database', async () => {
    const organizationId = await organization();
    const one = instance();
    const live = take(one.feed, organizationId, 0, 80);
    const first = await declare(one, organizationId);
    const second = await declare(one, organizationId);
    for (let n = 0; n < 78; n += 1) await note(one, organizationId, n % 3 ? first : second, `note ${n}`);
    const fromCommits = await live;
    const fresh = createFeed({ database, log });
    const fromDatabase = await take(fresh, organizationId, 0, 80);
    const tail = await take(fresh, organizationId, 57, 80);
    expect(sequences(fromDatabase)).toEqual(range(1, 80));
    expect(fromDatabase.map(comparable)).toEqual(fromCommits.map(comparable));
    expect(tail.map(comparable)).toEqual(fromCommits.slice(57).map(comparable));
    await Promise.all([one.feed.close(), fresh.close()]);
  });

  it('folds no incident for whoever does not look at it, and each for whoever does', async () => {
    const organizationId = await organization();
    const writer = instance();
    const incidentId = await declare(writer, organizationId);
    for (let n = 0; n < 40; n += 1) await note(writer, organizationId, incidentId, `note ${n}`);
    let folds = 0;
    const counting: TestDatabase = {
      ...database,
      asOrganization: (of, sql, parameters) => {
        if (sql.includes('incident_snapshot')) folds += 1;
        return database.asOrganization(of, sql, parameters);
      },
    };
    const feed = createFeed({ database: counting, log });
    const open = { organizationId, ledger: 'INCIDENTS', after: 0 } as const;
    const reader = await feed.open({ ...open, bare: true });
    for (let position = 0; position < 41; ) {
      position = (await reader.read(position, 20)).at(-1)?.entry.sequence ?? 0;
    }
    expect([folds, feed.lag()]).toEqual([0, 0]);
    const looked = await take(feed, organizationId, 5, 41);
    expect(looked.map(({ after }) => after?.state.version)).toEqual(range(6, 41));
    expect(folds).toBeGreaterThan(0);
    // What is committed from here on comes with its incident.
    folds = 0;
    const next = take(feed, organizationId, 41, 42);
    const instanceHere = instance({}, feed);
    await note(instanceHere, organizationId, incidentId, 'next');
    expect((await next)[0]?.after?.state.version).toBe(42);
    expect(folds).toBe(0);
    reader.close();
    await Promise.all([feed.close(), writer.feed.close(), instanceHere.feed.close()]);
  });

  it('loses and repeats nothing under many writers, restarts and cursors of every age', async () => {
    const organizationId = await organization();
    const writing = instance();
    const incidents = await Promise.all(range(1, 8).map(() => declare(writing, organizationId)));
    const total = 8 + 400;
    const writers = incidents.map(async (incidentId, writer) => {
      for (let n = 0; n < 50; n += 1) await note(writing, organizationId, incidentId, `${writer} ${n}`);
    });
    // Each reader comes back to a new feed again and again, as after a restart, with the cursor it had.
    const readers = range(1, 6).map(async (reader) => {
      const seen: number[] = [];
      while ((seen.at(-1) ?? 0) < total) {
        const feed = createFeed({ database, log, limits: { ringEntries: 16, pollEvery: 50 } });
        const after = seen.at(-1) ?? 0;
        seen.push(
          ...sequences(await take(feed, organizationId, after, Math.min(total, after + 17 * reader))),
        );
        await feed.close();
      }
      return seen;
    });
    const steady = take(writing.feed, organizationId, 0, total);
    await Promise.all(writers);
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(range(1, total));
    expect(sequences(await steady)).toEqual(range(1, total));
    await writing.feed.close();
  });

  it('sees what another instance commits, by the poll alone and by the doorbell', async () => {
    const organizationId = await organization();
    const deaf: FeedInbox = { committed() {}, ring() {} };
    const silent = instance({}, deaf);
    const reading = createFeed({ database, log, limits: { pollEvery: 100 } });
    const polled = take(reading, organizationId, 0, 3);
    const incidentId = await declare(silent, organizationId);
    await note(silent, organizationId, incidentId, 'nobody was told');
    await note(silent, organizationId, incidentId, 'at all');
    expect(sequences(await polled)).toEqual([1, 2, 3]);
    await Promise.all([reading.close(), silent.feed.close()]);
    if (database.mode === 'embedded') return;

    const ringing = instance();
    const hearing = createFeed({ database, log, limits: { pollEvery: 60_000 } });
    const heard = take(hearing, organizationId, 3, 5);
    // The tail must stand before the first ring, which is not repeated.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await note(ringing, organizationId, incidentId, 'rung');
    await note(ringing, organizationId, incidentId, 'rung again');
    expect(sequences(await heard)).toEqual([4, 5]);
    await Promise.all([hearing.close(), ringing.feed.close()]);
  });

  it('follows the administration ledger, and keeps organizations apart', async () => {
    const [mine, other] = [await organization(), await organization()];
    const one = instance();
    const founding = one.feed.follow({
      organizationId: mine,
      ledger: 'ADMINISTRATION',
      after: 0,
      signal: forever(),
    });
    const { value } = await founding.next();
    expect(value).toMatchObject({ entry: { sequence: 1, type: 'ORGANIZATION_CREATED' }, after: null });
    const waiting = take(one.feed, mine, 0, 1);
    await declare(one, other);
    await declare(one, mine);
    expect((await waiting).map(({ entry }) => entry.organizationId)).toEqual([mine]);
    await one.feed.close();
  });
});
