import { createHmac, timingSafeEqual } from 'node:crypto';
import { millisecondsBetween } from '../domain/instant.ts';
import { sha256 } from './keys.ts';
import type { Checked, RawDelivery } from './signed.ts';

/** A delivery that was sent longer ago is a stale one, in milliseconds: one hour. */
const staleAfter = 3_600_000;

/** How far ahead the sender's clock may be, in milliseconds. */
const clockSkew = 300_000;

/**
 * Checks a webhook of Sentry: the HMAC-SHA256 of the body under the integration's client secret, and when it was sent.
 * Sentry signs no time and no id, so the same body is the same delivery within the hour it says it was sent; after that it
 * may tell of an issue that is resolved again.
 * Source: https://docs.sentry.io/organization/integrations/integration-platform/webhooks/#verifying-the-signature
 */
export function checkSentry(delivery: RawDelivery, secret: string | null, now: string): Checked {
  if (secret === null) {
    return {
      refused: 'This key has no signing secret: give it the client secret of the integration in Sentry.',
    };
  }
  const signature = headerOf(delivery, 'sentry-hook-signature');
  const expected = createHmac('sha256', secret).update(delivery.raw).digest();
  const given = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(0);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return {
      refused: 'Sentry-Hook-Signature is not that of this body under the signing secret of this key.',
    };
  }
  const sentAt = instantOf(headerOf(delivery, 'sentry-hook-timestamp'));
  const age = sentAt === null ? Number.NaN : millisecondsBetween(sentAt, now);
  if (!(age <= staleAfter && age >= -clockSkew)) {
    return { refused: 'Sentry-Hook-Timestamp must lie within the last hour.' };
  }
  return { onceAs: `sentry:${sha256(delivery.raw)}:${sentAt?.slice(0, hourDigits)}` };
}

/** Length of the date and hour that an instant begins with. */
const hourDigits = 13;

function headerOf({ headers }: RawDelivery, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : '';
}

/** Seconds since 1970. */
function instantOf(seconds: string): string | null {
  return /^\d{1,11}(\.\d{1,9})?$/.test(seconds) ? new Date(Number(seconds) * 1_000).toISOString() : null;
}
