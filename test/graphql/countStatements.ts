import type { Database } from '../../src/store/database.ts';

/** A database that counts what is asked of it: a statement each, Prisma's reads too. */
export interface CountingDatabase extends Database {
  statements(): number;
}

/** Counts the statements that go through this database. */
export function countStatements(database: Database): CountingDatabase {
  let count = 0;
  return {
    ...database,
    statements: () => count,
    for: (organizationId) => counted(database.for(organizationId), () => count++),
    asOrganization: (...asked) => {
      count++;
      return database.asOrganization(...asked);
    },
    callAsOrganization: (...asked) => {
      count++;
      return database.callAsOrganization(...asked);
    },
    asPlatform: (...asked) => {
      count++;
      return database.asPlatform(...asked);
    },
  };
}

/** The client, calling `note` for every read of any of its models. */
function counted<C extends object>(client: C, note: () => void): C {
  return new Proxy(client, {
    get(target, model) {
      const reads = Reflect.get(target, model) as object;
      return new Proxy(reads, {
        get(of, name) {
          const read = Reflect.get(of, name) as (...parameters: unknown[]) => unknown;
          return (...parameters: unknown[]) => {
            note();
            return read.apply(of, parameters);
          };
        },
      });
    },
  });
}
