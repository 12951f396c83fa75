import type { IncidentRecord } from '../domain/incident/state.ts';
import type { FeedEntry } from './entry.ts';
import type { Feed } from './feed.ts';
import type { FeedSource } from './source.ts';

const never = new AbortController().signal;

/**
 * One subscriber's own walk through a source, for transports that pull (SSE): what a group delivers, one by one.
 * @throws CursorBeyondHeadError from the first `next()`.
 */
export function iterateSource(
  feed: Feed,
  organizationId: string,
  source: FeedSource,
  signal: AbortSignal = never,
): AsyncIterableIterator<FeedEntry | IncidentRecord> {
  if (source.mode === 'latest') throw new Error('written next');
  return feed.follow({
    organizationId,
    ledger: source.ledger,
    after: source.after,
    signal,
    ...(source.match === undefined ? {} : { match: source.match }),
  });
}
