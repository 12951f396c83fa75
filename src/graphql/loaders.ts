import type { Database } from '../store/database.ts';

/** Batches the reads of one request; see createLoaders. */
export interface Loaders {
  /** Forgets what was read: after a mutation, before its payload is resolved. */
  clear(): void;
}

/** Loaders of one request, or of one event of a subscription: what they have read they answer again. */
export function createLoaders(_scope: {
  readonly database: Database;
  readonly organizationId: string;
}): Loaders {
  return { clear() {} };
}
