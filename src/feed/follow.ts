import type { FeedEntry } from './entry.ts';
import type { FeedReader, FollowOptions, OpenOptions } from './feed.ts';
import { pullIterator } from './pullIterator.ts';
import { pageRows } from './tail.ts';

/** Opens a reader. */
export type Open = (options: OpenOptions) => Promise<FeedReader>;

/** A reader with a filter and a position of its own, as an iterator. */
export function followReader(open: Open, options: FollowOptions): AsyncIterableIterator<FeedEntry> {
  const { match } = options;
  return pullIterator(async () => {
    const reader = await open(options);
    let position = reader.start;
    return {
      async take() {
        const entries = await reader.read(position, pageRows);
        const last = entries.at(-1);
        if (last === undefined) return null;
        position = last.entry.sequence;
        return match === undefined ? entries : entries.filter(match);
      },
      close: reader.close,
    };
  }, options.signal);
}
