import type { IncidentRecord } from '../domain/incident/state.ts';
import type { Feed } from './feed.ts';
import { type PullSource, pullIterator } from './pullIterator.ts';
import type { FeedSource, LatestSource, WatchedSource } from './source.ts';
import { pageRows } from './tail.ts';

const never = new AbortController().signal;

/**
 * One subscriber's own walk through a source, for who shares with nobody: what a group delivers, one by one.
 * @throws CursorBeyondHeadError from the first `next()`.
 */
export function iterateSource(
  feed: Feed,
  organizationId: string,
  source: FeedSource,
  signal: AbortSignal = never,
): AsyncIterableIterator<unknown> {
  if (source.mode === 'watched') return pullIterator(() => openWatched(source), signal);
  if (source.mode === 'latest') return pullIterator(() => openLatest(feed, organizationId, source), signal);
  const { mode: _mode, ...followed } = source;
  return feed.follow({ organizationId, signal, ...followed });
}

async function openWatched(source: WatchedSource): Promise<PullSource<unknown>> {
  let wake = (): void => {};
  let changed = true;
  let over: { readonly error: unknown } | null = null;
  let closed = false;
  let given: { readonly value: unknown } | null = null;
  const stop = await source.listen({
    changed() {
      changed = true;
      wake();
    },
    ended(error) {
      over = { error };
      wake();
    },
  });
  return {
    async take() {
      if (given !== null && source.isLast?.(given.value) === true) return null;
      while (!changed && over === null && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (closed) return null;
      if (over !== null) throw over.error;
      changed = false;
      const value = await source.current();
      if (given !== null && source.isSame(given.value, value)) return [];
      given = { value };
      return [value];
    },
    close() {
      closed = true;
      stop();
      wake();
    },
  };
}

async function openLatest(
  feed: Feed,
  organizationId: string,
  source: LatestSource,
): Promise<PullSource<IncidentRecord>> {
  const reader = await feed.open({ organizationId, ledger: source.ledger, after: null });
  let position = reader.start;
  let sent = 0;
  let first = true;

  /** Everything that can be had without waiting, so that only the newest state is sent. */
  const newest = async (): Promise<IncidentRecord | null | undefined> => {
    let found: IncidentRecord | undefined;
    do {
      const entries = await reader.read(position, pageRows);
      const last = entries.at(-1);
      if (last === undefined) return null;
      position = last.entry.sequence;
      const changed = entries.findLast(source.match);
      if (changed !== undefined) found = changed.after ?? (await source.current()) ?? found;
    } while (reader.head > position);
    return found;
  };

  return {
    async take() {
      // Opened before the state is read: no change can fall between the two.
      const record = first ? await source.current() : await newest();
      if (record === null && !first) return null;
      first = false;
      if (record === undefined || record === null || record.sequence <= sent) return [];
      sent = record.sequence;
      return [record];
    },
    close: reader.close,
  };
}
