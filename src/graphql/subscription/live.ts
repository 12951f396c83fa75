import type { GraphQLResolveInfo } from 'graphql';
import type { IncidentRecord } from '../../domain/incident/state.ts';
import { CursorBeyondHeadError } from '../../feed/cursorBeyondHead.ts';
import type { FeedEntry } from '../../feed/entry.ts';
import type { Feed } from '../../feed/feed.ts';
import { iterateSource } from '../../feed/iterateSource.ts';
import type { EverySource, FeedSource, WatchedSource } from '../../feed/source.ts';
import type { GraphQLContext } from '../context.ts';
import { withoutStates } from './withoutStates.ts';

/** Authorizes, checks the arguments and says where the events come from. @throws GraphQLError when refused. */
export type SourceOf<Args, S extends FeedSource = FeedSource> = (
  args: Args,
  context: GraphQLContext,
) => S | Promise<S>;

/** What `resolve` is given: the event or run itself, the incident as it is, or the value that is watched. */
export type LiveValue<S extends FeedSource> = S extends EverySource
  ? FeedEntry
  : S extends WatchedSource<infer V>
    ? V
    : IncidentRecord;

/** Under this key of a Subscription field's `extensions` lies its {@link SourceOf}. */
export const sourceExtension = 'warroomSource';

/** Under this key: true for a field whose results depend on who asks, so that each person has a group of their own. */
export const personalExtension = 'warroomPersonal';

/** What `live` adds to a root Subscription field. */
export interface LiveField<Args, Value> {
  readonly subscribe: (
    root: unknown,
    args: Args,
    context: GraphQLContext,
    info: GraphQLResolveInfo,
  ) => Promise<AsyncIterable<Value>>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/**
 * Makes a root Subscription field live. The field declares its source once; identical subscriptions then execute once
 * per event for all subscribers. For one that cannot be shared (its root field is in a fragment, say) the ordinary
 * `subscribe` runs, and both give `resolve` the same parent: a FeedEntry (mode `every`) or an IncidentRecord (mode
 * `latest`), or the value of one that is `watched`.
 *
 *     builder.subscriptionField('incidentEvents', (t) =>
 *       t.field({
 *         type: IncidentEvent,
 *         args: { after: t.arg({ type: 'SafeInt' }), filter: t.arg({ type: IncidentEventFilter }) },
 *         ...live((args: Args, context) => {
 *           // authorize, validate; throw a GraphQLError to refuse
 *           return { mode: 'every', ledger: 'INCIDENTS', after: args.after ?? null, match: (e) => … };
 *         }),
 *         resolve: (entry) => entry,
 *       }),
 *     );
 *
 * Rules: the result must depend on the organization, the permissions (role and scopes), the arguments other than
 * `after`, and the event, and on nothing else, since it is shared. An argument named `after` is the cursor: it selects
 * where to start and may not change what an event looks like. The context given to `resolve` and below has
 * the group's organization and permissions and nobody's identity; its loaders are fresh for every batch of events. A
 * field that is `personal` may depend on who asks, too: its groups are of one person or key each, and know whose.
 * A cursor beyond the head is refused for every source, in the same words; the field need not check it.
 */
export function live<Args, S extends FeedSource>(
  source: SourceOf<Args, S>,
  { personal = false }: { readonly personal?: boolean } = {},
): LiveField<Args, LiveValue<S>> {
  return {
    subscribe: async (_root, args, context, { operation, fragments }) => {
      const declared: FeedSource = await source(args, context);
      const found = withoutStates(declared, [operation, ...Object.values(fragments)]);
      const { organizationId } = context.principal;
      // Said now, as an answer; as the first thing a stream does it would only break the stream.
      if (found.mode === 'every') await refuseBeyondHead(context.feed, organizationId, found);
      const values = withFreshLoaders(
        iterateSource(context.feed, organizationId, found, context.signal),
        context,
      );
      return values as AsyncIterable<LiveValue<S>>;
    },
    extensions: { [sourceExtension]: source, [personalExtension]: personal },
  };
}

/** What was read for one event is not what is so at the next. */
function withFreshLoaders<T>(
  values: AsyncIterableIterator<T>,
  { loaders }: GraphQLContext,
): AsyncIterableIterator<T> {
  return {
    async next() {
      const result = await values.next();
      loaders.clear();
      return result;
    },
    return: () => values.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function refuseBeyondHead(feed: Feed, organizationId: string, source: EverySource): Promise<void> {
  const { after, ledger } = source;
  if (after === null) return;
  const head = await feed.head(organizationId, ledger);
  if (after > head) throw new CursorBeyondHeadError(ledger, after, head);
}
