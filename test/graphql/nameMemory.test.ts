import { describe, expect, it } from 'vitest';
import type { Feed } from '../../src/feed/feed.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import { createNameMemory, type NameMemory } from '../../src/graphql/nameMemory.ts';
import type { NamedKind } from '../../src/graphql/rememberedNames.ts';
import type { Database } from '../../src/store/database.ts';

const mine = '0190a000-0000-7000-8000-000000000001';
const theirs = '0190a000-0000-7000-8000-000000000002';

/** Names in two organizations, where their administration ledgers stand, and how often a name was read. */
function world() {
  const names = new Map<string, string>();
  const heads = new Map<string, number | null>();
  let reads = 0;
  const rowsOf = (organizationId: string, ids: readonly string[]) => {
    reads += 1;
    return ids.flatMap((id) => {
      const name = names.get(`${organizationId} ${id}`);
      return name === undefined
        ? []
        : [{ id, asked: id, name, email: null, createdAt: new Date(), expiresAt: null, scopes: [] }];
    });
  };
  const table = (organizationId: string) => ({
    findMany: async ({ where }: { where: { id: { in: string[] } } }) => rowsOf(organizationId, where.id.in),
  });
  const database = {
    for: (organizationId: string) => {
      const any = table(organizationId);
      return { apiKey: any };
    },
    asOrganization: async (organizationId: string, _sql: string, [, ids]: [string, string[]]) =>
      rowsOf(organizationId, ids),
  } as unknown as Database;
  const feed: Pick<Feed, 'known'> = {
    known: (organizationId, ledger) =>
      ledger === 'ADMINISTRATION' ? (heads.get(organizationId) ?? null) : null,
  };
  return {
    names,
    heads,
    feed,
    get reads() {
      return reads;
    },
    /** As a batch of events of the organization asks: with loaders of its own. */
    ask: (memory: NameMemory, organizationId: string, kind: NamedKind, id: string) =>
      createLoaders({ database, organizationId }, memory.of(organizationId)).nameOf(kind, id),
  };
}

describe('names of sentences in subscriptions', () => {
  it('are read once, and then are there at once', async () => {
    const house = world();
    house.heads.set(mine, 3);
    const memory = createNameMemory(house.feed);
    for (const kind of ['USER', 'API_KEY', 'SERVICE', 'TEAM', 'PROJECT'] as const) {
      house.names.set(`${mine} ${kind}`, `the ${kind}`);
      const first = house.ask(memory, mine, kind, kind);
      expect(first).toBeInstanceOf(Promise);
      expect(await first).toBe(`the ${kind}`);
      expect(house.ask(memory, mine, kind, kind)).toBe(`the ${kind}`);
    }
    expect(house.reads).toBe(5);
  });

  it('are read again once anything happens in the administration ledger', async () => {
    const house = world();
    house.heads.set(mine, 3);
    house.names.set(`${mine} ada`, 'Ada');
    const memory = createNameMemory(house.feed);
    expect(await house.ask(memory, mine, 'USER', 'ada')).toBe('Ada');
    house.names.set(`${mine} ada`, 'Ada Lovelace');
    expect(house.ask(memory, mine, 'USER', 'ada')).toBe('Ada');
    house.heads.set(mine, 4);
    expect(await house.ask(memory, mine, 'USER', 'ada')).toBe('Ada Lovelace');
    expect(house.ask(memory, mine, 'USER', 'ada')).toBe('Ada Lovelace');
    expect(house.reads).toBe(2);
  });

  it('are as old as the ledger was before they were read', async () => {
    const house = world();
    house.heads.set(mine, 3);
    house.names.set(`${mine} ada`, 'Ada');
    const memory = createNameMemory(house.feed);
    const reading = house.ask(memory, mine, 'USER', 'ada');
    house.heads.set(mine, 4);
    expect(await reading).toBe('Ada');
    expect(house.ask(memory, mine, 'USER', 'ada')).toBeInstanceOf(Promise);
  });

  it('are forgotten after their time', async () => {
    const house = world();
    house.heads.set(mine, 3);
    house.names.set(`${mine} ada`, 'Ada');
    const memory = createNameMemory(house.feed, { believedFor: 20 });
    await house.ask(memory, mine, 'USER', 'ada');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(house.ask(memory, mine, 'USER', 'ada')).toBeInstanceOf(Promise);
  });

  it('never cross organizations, and are not kept where nobody listens or there is none', async () => {
    const house = world();
    house.heads.set(mine, 3);
    house.heads.set(theirs, 3);
    house.names.set(`${mine} ada`, 'Ada');
    const memory = createNameMemory(house.feed);
    await house.ask(memory, mine, 'USER', 'ada');
    expect(await house.ask(memory, theirs, 'USER', 'ada')).toBeNull();
    // Who is no member today may be one tomorrow.
    house.names.set(`${theirs} ada`, 'Ada of theirs');
    expect(await house.ask(memory, theirs, 'USER', 'ada')).toBe('Ada of theirs');

    house.heads.set(mine, null);
    expect(house.ask(memory, mine, 'USER', 'ada')).toBeInstanceOf(Promise);
    house.names.set(`${mine} grace`, 'Grace');
    await house.ask(memory, mine, 'USER', 'grace');
    expect(house.ask(memory, mine, 'USER', 'grace')).toBeInstanceOf(Promise);
  });
});
