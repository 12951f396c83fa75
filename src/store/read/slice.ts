/** Which part of a list is read: `size` rows from its start or, `backward`, from its end, between two cursors. */
export interface Window {
  /** 0 to 100. */
  readonly size: number;
  readonly backward: boolean;
  readonly after: string | null;
  readonly before: string | null;
}

/** What was read: rows in the list's order, and whether there are more in the direction of reading. */
export interface Slice<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** A slice of nothing. */
export const emptySlice: Slice<never> = { items: [], more: false };

/** Rows read in the direction of the window, one more than asked for if there were, as a slice in the list's order. */
export function sliceOf<T>(rows: readonly T[], window: Window): Slice<T> {
  const items = rows.slice(0, window.size);
  return { items: window.backward ? items.reverse() : items, more: rows.length > window.size };
}
