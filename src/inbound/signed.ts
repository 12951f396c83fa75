import type { InboundRequest } from './reception.ts';

/** A delivery as it came, before anything of it is believed. */
export interface RawDelivery {
  readonly headers: InboundRequest['headers'];
  readonly raw: Uint8Array;
  /** The body's JSON. */
  readonly value: unknown;
}

/**
 * What checking a signature came to. `onceAs`: what the same delivery is known by when it comes again, at most 128
 * characters; it is carried out once in seven days. `answered`: true and complete, but not an alert, and done with.
 * `later`: it could not be checked now.
 */
export type Checked =
  | { readonly onceAs: string }
  | { readonly answered: true }
  | { readonly refused: string }
  | { readonly later: unknown };
