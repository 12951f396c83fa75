import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './ledger/ledgerEventType.ts';

/** The whole schema, every file above imported for what it adds. Made once, at start. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
