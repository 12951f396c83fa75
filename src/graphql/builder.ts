import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';
import type { Instant } from '../domain/instant.ts';
import type { GraphQLContext } from './context.ts';
import { readGlobalId } from './globalId.ts';
import { DateTimeScalar, DurationScalar, EmailAddressScalar, UrlScalar } from './scalars.ts';

/** TypeScript's side of the schema: what resolvers are given and what scalars are in memory. */
interface WarroomSchemaTypes {
  Context: GraphQLContext;
  /** Fields are non-null unless they say `nullable: true`. */
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Instant; Output: Instant };
    SafeInt: { Input: number; Output: number };
    JSON: { Input: unknown; Output: unknown };
    Duration: { Input: string; Output: string };
    URL: { Input: string; Output: string };
    EmailAddress: { Input: string; Output: string };
  };
}

/** The one schema builder: every type, query, mutation and subscription file adds itself to it when imported. */
export const builder = new SchemaBuilder<WarroomSchemaTypes>({
  defaultFieldNullability: false,
  plugins: [RelayPlugin],
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    decodeGlobalID: readGlobalId,
    // Queries `node` and `nodes` are in node/node.ts, with their bound.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    idFieldOptions: { description: 'Its id: unique across all types, opaque, stable for ever.' },
    nodeTypeOptions: { description: 'Anything that can be read again by its id.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    hasNextPageFieldOptions: { description: 'Whether more comes after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether something comes before this page.' },
    startCursorFieldOptions: { description: 'Cursor of the first edge; null when the page is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last edge; null when the page is empty.' },
    edgesFieldOptions: {
      description: 'The page, in order, each with its cursor.',
      nullable: { list: false, items: false },
    },
    nodesOnConnection: { description: 'The page, in order, without cursors.' },
    nodeFieldOptions: { description: 'The item.', nullable: false },
    pageInfoFieldOptions: { description: 'Where this page lies in the whole list.' },
    cursorFieldOptions: {
      description: 'Where this item stands in the list: pass it as `after` or `before`.',
    },
    defaultEdgeTypeOptions: { description: 'An item of a list and where it stands in it.' },
  },
});

builder.addScalarType('DateTime', DateTimeScalar);
builder.addScalarType('URL', UrlScalar);
builder.addScalarType('EmailAddress', EmailAddressScalar);
builder.addScalarType('Duration', DurationScalar);
builder.addScalarType('SafeInt', GraphQLSafeInt);
builder.addScalarType('JSON', GraphQLJSON);

builder.queryType({
  description: 'Everything that can be read. Scoped to the organization of the credential.',
});
