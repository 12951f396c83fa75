import type { Joinable } from '../incident/decision.ts';
import { nameKey } from '../incident/naming.ts';

/** What of a signal an incident may be found by. */
interface Findable {
  readonly correlationKey?: string | null;
  readonly service?: string | null;
}

/**
 * By what an open incident is looked for that these signals may join, most telling first; each once. `service`: of
 * those that name none.
 */
export function joinableOf(signals: readonly Findable[], service?: string | null): readonly Joinable[] {
  const keys = new Set(signals.flatMap(({ correlationKey }) => correlationKey ?? []));
  const services = new Set(signals.flatMap((signal) => nameKey(signal.service ?? service ?? '') || []));
  return [
    ...[...keys].map((key): Joinable => ({ kind: 'CORRELATION_KEY', key })),
    ...[...services].map((key): Joinable => ({ kind: 'SERVICE', key })),
  ];
}
