import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

/** The schema as schema.graphql holds it: sorted, so that a difference shows what changed and nothing else. */
export function printedSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
