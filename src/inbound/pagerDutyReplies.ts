import type { ReadJson } from './readJson.ts';
import { type InboundReply, jsonReply, retryAfter } from './reply.ts';

/** The answer to an event that is not as it should be, with what is wrong in PagerDuty's words. */
export function invalidEvent(errors: readonly string[], status = 400): InboundReply {
  return jsonReply(status, { status: 'invalid event', message: 'Event object is invalid', errors });
}

/** The answer to a body that cannot be read. Source: https://developer.pagerduty.com/docs/events-api-v2-overview */
export function unreadableEvent(
  read: Extract<ReadJson, { readonly problem: string }>,
  limit: number,
): InboundReply {
  if (read.problem !== 'TOO_LARGE') {
    const message = 'Event object format is unrecognized';
    return jsonReply(400, { status: 'Unrecognized object', message, errors: ['JSON parse error'] });
  }
  const { body, headers } = invalidEvent([`The body is too large (maximum is ${limit} bytes)`], 413);
  return { status: 413, headers: { ...headers, connection: 'close' }, body };
}

/** The answer to a sender that is too fast. */
export function throttledEvent(seconds: number): InboundReply {
  const message = 'Requests for this service are arriving too quickly. Please retry later.';
  return jsonReply(429, { status: 'throttle exceeded', message }, retryAfter(seconds));
}

/** The answer to an unknown key. */
export const unknownRoutingKey = invalidEvent(['Invalid routing key']);

/** The answer to a key that may do other things than bring signals: PagerDuty knows no other word for such a key. */
export const wrongScopeOfKey = invalidEvent([
  'Invalid routing key: an API key with scope INGEST alone is needed',
]);

/** The answer when something unexpected went wrong. */
export const unexpectedTrouble = jsonReply(500, {
  status: 'error',
  message: 'Something unexpected went wrong. Try again.',
});
