import { randomBytes } from 'node:crypto';
import type { Principal } from '../domain/access/principal.ts';
import { unreadableLetter } from './bury.ts';
import { buriedEvent, buriedUnread } from './buryPagerDuty.ts';
import { type Delivered, deliver } from './deliver.ts';
import { pagerDuty, readPagerDutyEvent } from './pagerDuty.ts';
import {
  invalidEvent,
  throttledEvent,
  unexpectedTrouble,
  unknownRoutingKey,
  unreadableEvent,
  wrongScopeOfKey,
} from './pagerDutyReplies.ts';
import { readJson } from './readJson.ts';
import { mayIngest, principalOf, type Reception, translationContext, waitOf } from './reception.ts';
import { type InboundReply, jsonReply, pathOf, retryAfter } from './reply.ts';
import { withRoutingKey } from './routingKey.ts';
import { poisonIn, reasonOf } from './takeIn.ts';

/**
 * Answers as PagerDuty's Events API v2 does, word for word, so that its clients need nothing but another URL:
 * 202 with the dedup key once committed, 400 with the errors (a routing key that is none is one), 429 when throttled,
 * 500. Besides, 413 above our own limit, for which PagerDuty names no status, and 503 with Retry-After. What is refused
 * is kept, where its key is known.
 */
export async function receivePagerDuty(reception: Reception): Promise<InboundReply> {
  const read = await readJson(reception.request.body, reception.bodyLimit);
  if ('problem' in read) {
    const reply = unreadableEvent(read, reception.bodyLimit);
    return buriedUnread('pagerduty', unreadableLetter(read, reception), null, reply, reception);
  }
  const { raw } = read;
  const value = withRoutingKey(read.value, reception.request);
  const found = readPagerDutyEvent(value);
  if ('problems' in found) {
    const reply = invalidEvent(found.problems.map(({ message }) => message));
    const letter = { body: raw, ...reasonOf(found.problems) };
    return buriedUnread('pagerduty', letter, value, reply, reception);
  }
  const { event } = found;
  const principal = await principalOf(reception, event.routingKey);
  if (typeof principal === 'number') return throttledEvent(principal);
  if (principal === null) return unknownRoutingKey;
  if (!mayIngest(principal)) return wrongScopeOfKey;
  const wait = waitOf(reception, principal);
  if (wait !== null) return throttledEvent(wait);
  const dedupKey = event.dedupKey ?? reception.newDedupKey?.() ?? randomBytes(16).toString('hex');
  const command = pagerDuty(event, dedupKey, translationContext(reception, principal));
  const delivered = await deliver([command], principal, reception.handle);
  const reply = answerTo(delivered, dedupKey, reception, principal);
  const poison = poisonIn(delivered);
  if (poison === null) return reply;
  const sent = { key: event.routingKey, value };
  return buriedEvent('pagerduty', { body: raw, ...poison }, sent, reply, reception, principal);
}

function answerTo(
  delivered: Delivered,
  dedupKey: string,
  reception: Reception,
  principal: Principal,
): InboundReply {
  switch (delivered.kind) {
    case 'committed':
      return jsonReply(202, { status: 'success', message: 'Event processed', dedup_key: dedupKey });
    case 'busy': {
      const body = { status: 'error', message: 'Warroom is busy; nothing was done. Try again.' };
      return jsonReply(503, body, retryAfter(delivered.retryAfterSeconds));
    }
    case 'refused': {
      const { refusal } = delivered;
      if (refusal.kind !== 'ValidationError') return invalidEvent([refusal.message]);
      return invalidEvent(
        refusal.fields.map((problem) => `'${pathOf(problem)}' is invalid: ${problem.message}`),
      );
    }
    case 'failed': {
      const about = {
        err: delivered.error,
        connector: 'pagerduty',
        apiKeyId: principal.credentialId,
        from: reception.request.remoteAddress,
      };
      reception.log.error(about, 'A webhook could not be answered.');
      return unexpectedTrouble;
    }
  }
}
