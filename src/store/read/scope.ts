import type { Database } from '../database.ts';

/** Whose rows are read, and where. Every read takes one: no read spans organizations. */
export interface ReadScope {
  readonly database: Database;
  readonly organizationId: string;
}

/** Values by key, in the order the keys were asked for; null where there is none. */
export function inOrder<K, V>(keys: readonly K[], values: ReadonlyMap<K, V>): (V | null)[] {
  return keys.map((key) => values.get(key) ?? null);
}
