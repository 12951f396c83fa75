import DataLoader from 'dataloader';
import type { ReadScope } from '../store/read/scope.ts';
import type { Slice } from '../store/read/slice.ts';

/** Values by their id; null where there is none. */
export type ById<V> = DataLoader<string, V | null>;

/** The same page of something of many. */
export type Pages<V> = DataLoader<string, Slice<V>>;

/**
 * Batches the reads of one request: whatever many resolvers ask for in one step is one statement, and what was read
 * is answered again. Each loader is made when first used.
 */
export class BatchedReads {
  readonly #scope: ReadScope;
  readonly #made = new Map<string, unknown>();

  constructor(scope: ReadScope) {
    this.#scope = scope;
  }

  /** Forgets what was read: after a mutation, before its payload is resolved; for each event of a stream. */
  clear(): void {
    this.#made.clear();
  }

  protected byId<V>(
    name: string,
    read: (scope: ReadScope, ids: readonly string[]) => Promise<(V | null)[]>,
  ): ById<V> {
    return this.loader<string, V, string>(name, read);
  }

  protected pages<V>(
    name: string,
    page: object,
    read: (scope: ReadScope, ids: readonly string[]) => Promise<Slice<V>[]>,
  ): Pages<V> {
    const made = `${name} ${JSON.stringify(page)}`;
    return this.#once(made, () => new DataLoader<string, Slice<V>>((ids) => read(this.#scope, ids)));
  }

  protected loader<K, V, C>(
    name: string,
    read: (scope: ReadScope, keys: readonly K[]) => Promise<(V | Error | null)[]>,
    cacheKeyFn?: (key: K) => C,
  ): DataLoader<K, V | null, C> {
    return this.#once(
      name,
      () =>
        new DataLoader<K, V | null, C>((keys) => read(this.#scope, keys), cacheKeyFn ? { cacheKeyFn } : {}),
    );
  }

  #once<T>(name: string, make: () => T): T {
    const made = this.#made.get(name);
    if (made !== undefined) return made as T;
    const fresh = make();
    this.#made.set(name, fresh);
    return fresh;
  }
}
