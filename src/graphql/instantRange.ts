import type { InstantRange } from '../store/read/incidentFilter.ts';
import { builder } from './builder.ts';

/** A stretch of time in filters. */
export const DateTimeRange = builder.inputType('DateTimeRange', {
  description: 'A stretch of time; an end that is absent is open.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Its first instant.' }),
    until: t.field({ type: 'DateTime', description: 'The instant after its last.' }),
  }),
});

/** The range as reads take it; null when none is given. */
export function rangeOf(
  range:
    | { readonly from?: string | null | undefined; readonly until?: string | null | undefined }
    | null
    | undefined,
): InstantRange | null {
  return range == null ? null : { from: range.from ?? null, until: range.until ?? null };
}
