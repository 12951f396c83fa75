import { CursorError } from '../store/read/cursor.ts';
import type { Slice, Window } from '../store/read/slice.ts';
import { badUserInput } from './badUserInput.ts';

/** Items of a page when neither `first` nor `last` is given. */
const defaultPageSize = 25;
/** The most items a page may have; more is refused, never cut. */
const maximumPageSize = 100;

/** Relay's paging arguments as a resolver receives them. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/**
 * Reads Relay's arguments; 25 first ones when none is given.
 * @throws BAD_USER_INPUT when both `first` and `last` are given, or one is below 0 or above 100.
 */
export function pageOf(args: PageArguments): Window {
  const { first, last, after, before } = args;
  if (first != null && last != null) throw badUserInput('Give either first or last, not both.');
  const size = first ?? last ?? defaultPageSize;
  const argument = last != null ? 'last' : 'first';
  if (size < 0) throw badUserInput(`${argument} must not be negative.`);
  if (size > maximumPageSize) {
    throw badUserInput(
      `${argument} must be at most ${maximumPageSize}. Read further pages with after or before.`,
    );
  }
  return { size, backward: last != null, after: after ?? null, before: before ?? null };
}

/** Where reading a ledger starts; 0 is before its first entry. @throws BAD_USER_INPUT when it is negative. */
export function sequenceOf(afterSequence: number | null | undefined): number {
  if (afterSequence != null && afterSequence < 0) throw badUserInput('afterSequence must not be negative.');
  return afterSequence ?? 0;
}

/** A Relay connection over `N`, as resolvers of connection fields answer it. */
export interface Connection<N> {
  readonly edges: { readonly cursor: string; readonly node: N }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * A slice that was read as a Relay connection; `cursor` says where an item stands in the list.
 * @throws BAD_USER_INPUT when the slice could not be read for its cursor.
 */
export async function connectionOf<T, N>(
  window: Window,
  read: Promise<Slice<T>>,
  cursor: (item: T) => string,
  node: (item: T) => N,
): Promise<Connection<N>> {
  let slice: Slice<T>;
  try {
    slice = await read;
  } catch (error) {
    if (error instanceof CursorError) throw badUserInput(error.message);
    throw error;
  }
  const edges = slice.items.map((item) => ({ cursor: cursor(item), node: node(item) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: window.backward ? window.before !== null : slice.more,
      hasPreviousPage: window.backward ? slice.more : window.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
