import { createHmac } from 'node:crypto';

/** How a secret of Standard Webhooks begins; the rest is the key in base64. */
const secretPrefix = 'whsec_';

/** What is signed: who, when, and what. */
export interface SignedMessage {
  /** The same for every try of one message: the receiver's idempotency key. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of a signed webhook, one signature for each secret. Source: Standard Webhooks 1.0, symmetric signatures.
 */
export function signWebhook(
  { id, timestamp, body }: SignedMessage,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(
      secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret,
      'base64',
    );
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
