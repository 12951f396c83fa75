import { resolveNodes } from '@pothos/plugin-relay';
import { GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';

import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { eventIdPattern } from '../event/eventNode.ts';
import { isUuid, readGlobalId } from '../globalId.ts';

/** The most nodes read at once. */
const nodesLimit = 100;

/** Ids of users are text that better-auth made; this long they can be at most. */
const userIdLimit = 255;

/** Whether something could have this id: an id that nothing can have is not looked for. */
function isReadable(typeName: string, id: string, info: GraphQLResolveInfo): boolean {
  const type = info.schema.getType(typeName);
  if (!(type instanceof GraphQLObjectType)) return false;
  const interfaces = type.getInterfaces().map(({ name }) => name);
  if (!interfaces.includes('Node')) return false;
  if (interfaces.includes('LedgerEvent')) return eventIdPattern.test(id);
  if (typeName === 'User') return id.length <= userIdLimit && !/\p{Cc}/u.test(id);
  return isUuid(id);
}

/** The nodes of these ids, in order, each type's in one statement; null for what is not there or not yours. */
async function nodesOf(
  ids: readonly string[],
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<unknown[]> {
  const places: number[] = [];
  const readable: { typename: string; id: string }[] = [];
  ids.forEach((globalId, place) => {
    const { typename, id } = readGlobalId(globalId);
    if (!isReadable(typename, id, info)) return;
    places.push(place);
    readable.push({ typename, id: isUuid(id) ? id.toLowerCase() : id });
  });
  const found = await resolveNodes(builder, context, info, readable);
  const nodes: unknown[] = ids.map(() => null);
  await Promise.all(
    places.map(async (place, index) => {
      nodes[place] = (await found[index]) ?? null;
    }),
  );
  return nodes;
}

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'Anything by its id; null when it is not there or not yours.',
    args: { id: t.arg.id({ required: true, description: 'Its `id`.' }) },
    resolve: async (_root, { id }, context, info) => {
      authorizeRead('node', context);
      return (await nodesOf([id], context, info))[0];
    },
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description:
      'Many things by their ids, in the order asked for; null for each that is not there or not yours.',
    args: { ids: t.arg.idList({ required: true, description: 'Their `id`s, at most 100.' }) },
    resolve: (_root, { ids }, context, info) => {
      authorizeRead('nodes', context);
      if (ids.length > nodesLimit) throw badUserInput(`ids must be at most ${nodesLimit}.`);
      return nodesOf(ids, context, info);
    },
  }),
);
