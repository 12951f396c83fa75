import type { IncidentCommandInputs } from '../incident/commands.ts';
import type { Joinable } from '../incident/decision.ts';
import { nameKey } from '../incident/naming.ts';

type Delivery = Pick<IncidentCommandInputs['receiveSignals'], 'firing' | 'declare'>;

/** By what an open incident is looked for that these signals may join, most telling first; each once. */
export function joinableOf({ firing, declare }: Delivery): readonly Joinable[] {
  const keys = new Set(firing.flatMap(({ correlationKey }) => correlationKey ?? []));
  const services = new Set(firing.flatMap(({ service }) => nameKey(service ?? declare.service ?? '') || []));
  return [
    ...[...keys].map((key): Joinable => ({ kind: 'CORRELATION_KEY', key })),
    ...[...services].map((key): Joinable => ({ kind: 'SERVICE', key })),
  ];
}
