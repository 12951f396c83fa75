import { PrismaPg } from '@prisma/adapter-pg';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import { PrismaClient } from './generated/prisma/client.ts';
import type { ConnectionPool, Identity } from './pool.ts';
import type { ReadClient } from './readClient.ts';

/** Prisma clients kept, one an organization, under 1 MB each. One that was evicted still answers who holds it. */
const clientsAtMost = 256;

/** The read clients of all organizations over the one pool. */
export interface ReadClients {
  for(organizationId: string): ReadClient;
  close(): Promise<void>;
}

/**
 * Makes the bounded set of Prisma clients. Each is bound to its organization for life: Prisma merges lookups made in
 * one tick, so an ambient organization would answer one caller with another's rows.
 */
export function createReadClients(pool: ConnectionPool): ReadClients {
  const clients = new LRUCache<string, PrismaClient>({
    max: clientsAtMost,
    dispose: (client) => void client.$disconnect().catch(() => undefined),
  });
  return {
    for(organizationId) {
      let client = clients.get(organizationId);
      if (!client) {
        const organizationPool = new OrganizationPool(pool, { role: 'warroom_app', organizationId });
        client = new PrismaClient({
          adapter: new PrismaPg(organizationPool, { schema: 'warroom' }),
          errorFormat: 'minimal',
        });
        clients.set(organizationId, client);
      }
      return client;
    },
    async close() {
      const open = [...clients.values()];
      clients.clear();
      await Promise.allSettled(open.map((client) => client.$disconnect()));
    },
  };
}

/**
 * What @prisma/adapter-pg takes for a pool (it insists on the class): it owns no connection, and borrows the shared
 * pool's, already acting as the organization.
 */
class OrganizationPool extends pg.Pool {
  readonly #pool: ConnectionPool;
  readonly #identity: Identity;

  constructor(pool: ConnectionPool, identity: Identity) {
    super({ max: 1 });
    this.#pool = pool;
    this.#identity = identity;
  }

  // The adapter only ever asks with one config object, and for a promise.
  override query = ((config: pg.QueryConfig) => this.#pool.run(this.#identity, config)) as pg.Pool['query'];

  override connect = (() => this.#pool.checkout(this.#identity)) as pg.Pool['connect'];
}
