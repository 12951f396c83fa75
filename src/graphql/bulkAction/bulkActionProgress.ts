import { GraphQLError } from 'graphql';
import type { WatchedSource } from '../../feed/source.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { idOf } from '../globalId.ts';
import { live } from '../subscription/live.ts';
import { BulkAction, type BulkActionSource, countsOf } from './bulkAction.ts';

interface Arguments {
  readonly id: string;
}

type Source = WatchedSource<BulkActionSource>;

/** What another instance works off is looked at so often, in milliseconds. */
const lookEvery = 1_000;

/** @throws GraphQLError FORBIDDEN, or NOT_FOUND before the stream begins. */
async function progressOf({ id: asked }: Arguments, context: GraphQLContext): Promise<Source> {
  authorizeRead('bulkActionProgress', context);
  const { loaders, bulkActions } = context;
  const id = idOf('BulkAction', asked);
  const current = async (): Promise<BulkActionSource> => {
    loaders.clear();
    const row = id === null ? null : await loaders.bulkAction.load(id);
    if (row !== null) return { ...row, counts: await countsOf(row, context) };
    throw new GraphQLError('There is no such bulk action in your organization.', {
      extensions: { code: 'NOT_FOUND' },
    });
  };
  const known = await current();
  return {
    mode: 'watched',
    listen: async ({ changed }) => {
      const unlisten = bulkActions.listen(known.id, changed);
      const looking = setInterval(changed, lookEvery).unref();
      return () => {
        clearInterval(looking);
        unlisten();
      };
    },
    current,
    isSame: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    isLast: ({ finishedAt }) => finishedAt !== null,
  };
}

builder.subscriptionField('bulkActionProgress', (t) =>
  t.field({
    type: BulkAction,
    description:
      'How far a bulk action is: now, at once, then whenever it is further; a slow subscriber gets the latest. With `finishedAt` it is complete.',
    args: { id: t.arg.id({ required: true, description: 'The bulk action: its `id`.' }) },
    ...live<Arguments, Source>(progressOf),
    resolve: (bulkAction) => bulkAction,
  }),
);
