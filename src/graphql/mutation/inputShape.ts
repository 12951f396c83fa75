import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { builder } from '../builder.ts';

/** What the builder was made with. */
export type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;

/** Declares the fields of an input type. */
export type InputFields<F extends InputFieldMap> = (
  t: PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>,
) => F;

type Present<T> = T extends readonly (infer Item)[]
  ? readonly Present<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Present<Exclude<T[K], undefined>> }
    : T;

/**
 * An input as graphql-js hands it over: a field that was not sent is absent, never `undefined`. Absent leaves, null
 * clears, so the two must stay apart on their way to the domain.
 */
export type InputOf<F extends InputFieldMap> = Present<InputShapeFromFields<F>>;
