import type { ArgBuilder } from '@pothos/core';
import type { builder } from './builder.ts';

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;

/** The part of a field builder that makes arguments. */
interface ArgumentBuilder {
  readonly arg: ArgBuilder<Types>;
}

/** `first` and `after`, for lists read from their start only. */
export function forwardArguments(t: ArgumentBuilder) {
  return {
    first: t.arg.int({ description: 'How many from the start, 0–100. Default 25.' }),
    after: t.arg.string({ description: 'Only what comes after this cursor.' }),
  };
}

/** Relay's four paging arguments. */
export function pageArguments(t: ArgumentBuilder) {
  return {
    ...forwardArguments(t),
    last: t.arg.int({ description: 'How many from the end, 0–100; not together with `first`.' }),
    before: t.arg.string({ description: 'Only what comes before this cursor.' }),
  };
}
