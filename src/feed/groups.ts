import { EveryGroup } from './everyGroup.ts';
import type { Feed } from './feed.ts';
import { createGate } from './gate.ts';
import type { Group, GroupOptions } from './group.ts';
import { LatestGroup } from './latestGroup.ts';
import type { Outlet, Render } from './outlet.ts';
import type { FeedSource } from './source.ts';
import { WatchedGroup } from './watchedGroup.ts';

/** One subscriber and the group it belongs to. */
export interface Subscriber {
  /** Equal for identical subscriptions: document, operation, variables but the cursor, permissions, organization. */
  readonly key: string;
  readonly organizationId: string;
  /** Where it resumes; null: from now. Means nothing to a source of mode `latest`. */
  readonly after: number | null;
  /** The group's source, asked for when it is the first; it must not carry anything of this subscriber. */
  source(): Promise<FeedSource>;
  /** Executes for the group; used when it is the first. */
  readonly render: Render;
  readonly outlet: Outlet;
}

/** Every group of identical subscriptions of this process. */
export interface Groups {
  /**
   * Adds a subscriber to its group, making it when it is the first; answers how to leave.
   * @throws CursorBeyondHeadError, or what `source` threw.
   */
  join(subscriber: Subscriber): Promise<() => void>;
  /** Groups there are. */
  readonly size: number;
}

/** Subscribers that catch up at a time; each holds at most one page and its results. */
const catchingUpAtATime = 16;

/** Bytes of recent results all groups keep together. */
const resultBytes = 67_108_864;

/** Makes the groups over a feed. `onError` is told of what is tried again or makes a subscriber come back. */
export function createGroups(feed: Feed, onError: (error: unknown) => void): Groups {
  const groups = new Map<string, Promise<Group>>();
  const catchingUp = createGate(catchingUpAtATime);
  const results = { free: resultBytes };

  const make = async (subscriber: Subscriber, made: () => Promise<Group> | undefined): Promise<Group> => {
    const { key, organizationId, render } = subscriber;
    const source = await subscriber.source();
    const options: GroupOptions = {
      feed,
      organizationId,
      render,
      catchingUp,
      onError,
      onEmpty: () => {
        if (groups.get(key) === made()) groups.delete(key);
      },
    };
    switch (source.mode) {
      case 'latest':
        return new LatestGroup(source, options);
      case 'watched':
        return new WatchedGroup(source, options);
      default:
        return new EveryGroup(source, { ...options, results });
    }
  };

  const begin = (subscriber: Subscriber): Promise<Group> => {
    const { key } = subscriber;
    const made: Promise<Group> = make(subscriber, () => made);
    groups.set(key, made);
    made.catch(() => groups.get(key) === made && groups.delete(key));
    return made;
  };

  return {
    get size() {
      return groups.size;
    },
    async join(subscriber) {
      const { key } = subscriber;
      for (;;) {
        const group = await (groups.get(key) ?? begin(subscriber));
        // Its last member may have left while we waited; it has taken itself off the list then.
        if (!group.closed) return group.join(subscriber.after, subscriber.outlet);
      }
    },
  };
}
