import { unreadableLetter } from './bury.ts';
import { buriedUnread } from './buryPagerDuty.ts';
import { readPagerDutyChange } from './pagerDutyChange.ts';
import {
  invalidEvent,
  throttledEvent,
  unexpectedTrouble,
  unknownRoutingKey,
  unreadableEvent,
  wrongScopeOfKey,
} from './pagerDutyReplies.ts';
import { readJson } from './readJson.ts';
import { mayIngest, principalOf, type Reception, waitOf } from './reception.ts';
import { type InboundReply, jsonReply } from './reply.ts';
import { withRoutingKey } from './routingKey.ts';
import { reasonOf } from './takeIn.ts';

/**
 * Answers as PagerDuty does to a change event: 202 once it is noted, else as to any other event. It declares nothing.
 * Source: https://developer.pagerduty.com/docs/send-change-events
 */
export async function receivePagerDutyChange(reception: Reception): Promise<InboundReply> {
  const read = await readJson(reception.request.body, reception.bodyLimit);
  if ('problem' in read) {
    const reply = unreadableEvent(read, reception.bodyLimit);
    return buriedUnread('pagerduty-change', unreadableLetter(read, reception), null, reply, reception);
  }
  const value = withRoutingKey(read.value, reception.request);
  const found = readPagerDutyChange(value);
  if ('problems' in found) {
    const reply = invalidEvent(found.problems.map(({ message }) => message));
    const letter = { body: read.raw, ...reasonOf(found.problems) };
    return buriedUnread('pagerduty-change', letter, value, reply, reception);
  }
  const principal = await principalOf(reception, found.routingKey);
  if (typeof principal === 'number') return throttledEvent(principal);
  if (principal === null) return unknownRoutingKey;
  if (!mayIngest(principal)) return wrongScopeOfKey;
  const wait = waitOf(reception, principal);
  if (wait !== null) return throttledEvent(wait);
  try {
    await reception.changes.note(principal, found.change);
  } catch (error) {
    const about = {
      err: error,
      connector: 'pagerduty',
      apiKeyId: principal.credentialId,
      from: reception.request.remoteAddress,
    };
    reception.log.error(about, 'A change could not be noted.');
    return unexpectedTrouble;
  }
  return jsonReply(202, { status: 'success', message: 'Change event processed' });
}
