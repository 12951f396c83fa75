import { isJsonObject } from './fieldReader.ts';
import type { InboundRequest } from './reception.ts';

/**
 * A body of PagerDuty's with the key in it, also where its sender has put it into the header `X-Routing-Key`, which
 * PagerDuty takes without saying so. What the body says comes first.
 * Source: https://github.com/PagerDuty/pdpyras/blob/main/CHANGELOG.rst (4.1.4)
 */
export function withRoutingKey(value: unknown, request: Pick<InboundRequest, 'headers'>): unknown {
  const key = routingKeyInHeader(request);
  if (!isJsonObject(value) || value.routing_key != null || key === null) return value;
  return { ...value, routing_key: key };
}

/** The key in the header `X-Routing-Key`; null when there is none. */
export function routingKeyInHeader({ headers }: Pick<InboundRequest, 'headers'>): string | null {
  const key = headers['x-routing-key'];
  return typeof key === 'string' ? key.trim() : null;
}
