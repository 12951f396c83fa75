import type { PoisonDelivery } from '../app/deadLetters.ts';
import type { Principal } from '../domain/access/principal.ts';
import { bury, buryRetrySeconds } from './bury.ts';
import { isJsonObject } from './fieldReader.ts';
import { mayIngest, principalOf, type Reception, waitOf } from './reception.ts';
import { type InboundReply, jsonReply, retryAfter } from './reply.ts';
import { routingKeyInHeader } from './routingKey.ts';

/** What PagerDuty's two kinds of events are called among dead letters. */
export type PagerDutyLetterFormat = 'pagerduty' | 'pagerduty-change';

type Letter = Omit<PoisonDelivery, 'format'>;

/** What stands for the key in a body that is kept. */
const hidden = '[routing key]';

/**
 * Keeps an event that was refused before anybody knew whose it is, where its key is one that may bring signals and has
 * not sent more than it may; then answers. Where it cannot be kept now, it is to be sent again.
 */
export async function buriedUnread(
  format: PagerDutyLetterFormat,
  letter: Letter,
  value: unknown,
  reply: InboundReply,
  reception: Reception,
): Promise<InboundReply> {
  const key = isJsonObject(value)
    ? value.routing_key
    : (keyIn(letter.body) ?? routingKeyInHeader(reception.request));
  if (typeof key !== 'string' || key === '') return reply;
  const principal = await principalOf(reception, key);
  if (principal === null || typeof principal === 'number' || !mayIngest(principal)) return reply;
  if (waitOf(reception, principal) !== null) return reply;
  return buriedEvent(format, letter, { key, value }, reply, reception, principal);
}

/** Keeps an event that was refused, without its key; then answers. */
export async function buriedEvent(
  format: PagerDutyLetterFormat,
  letter: Letter,
  sent: { readonly key: string; readonly value: unknown },
  reply: InboundReply,
  reception: Reception,
  principal: Principal,
): Promise<InboundReply> {
  const body = withoutKey(letter.body, sent);
  if (await bury({ ...letter, format, body }, reception, principal)) return reply;
  const message = 'This could be neither processed nor kept for somebody to look at. Try again.';
  return jsonReply(503, { status: 'error', message }, retryAfter(buryRetrySeconds));
}

/** The key in a body that is no JSON, or not all of it. */
function keyIn(body: Uint8Array): string | null {
  return /"routing_key"\s*:\s*"([^"\\]{1,200})"/.exec(Buffer.from(body).toString('utf8'))?.[1] ?? null;
}

/** A body as it came, but for its key: that is a secret. */
function withoutKey(
  body: Uint8Array,
  { key, value }: { readonly key: string; readonly value: unknown },
): Uint8Array {
  const text = Buffer.from(body).toString('utf8');
  if (text.includes(key)) return Buffer.from(text.replaceAll(key, hidden));
  // It may be spelled with escapes. What is no object has it in a header.
  return isJsonObject(value) ? Buffer.from(JSON.stringify({ ...value, routing_key: hidden })) : body;
}
