import { badUserInput } from './badUserInput.ts';

/** Items of a page when neither `first` nor `last` is given. */
export const defaultPageSize = 25;
/** The most items a page may have; more is refused, never cut. */
export const maximumPageSize = 100;

/** Relay's paging arguments as a resolver receives them. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** Which page of a list is asked for: `size` items from its start or, `backward`, from its end. */
export interface Page {
  /** 0 to 100. */
  readonly size: number;
  readonly backward: boolean;
  /** Only items after this cursor. */
  readonly after: string | null;
  /** Only items before this cursor. */
  readonly before: string | null;
}

/** What a page of a list turned out to be; `items` in the list's order whichever way it was read. */
export interface Slice<T> {
  readonly items: readonly T[];
  /** Whether the list has more in the direction it was read. */
  readonly more: boolean;
}

/**
 * Reads Relay's arguments; 25 first ones when none is given.
 * @throws BAD_USER_INPUT when both `first` and `last` are given, or one is below 0 or above 100.
 */
export function pageOf(args: PageArguments): Page {
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

/** A slice as a Relay connection; `cursor` says where an item stands in the list. */
export function connectionOf<T, N>(
  page: Page,
  slice: Slice<T>,
  cursor: (item: T) => string,
  node: (item: T) => N,
) {
  const edges = slice.items.map((item) => ({ cursor: cursor(item), node: node(item) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.backward ? page.before !== null : slice.more,
      hasPreviousPage: page.backward ? slice.more : page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
