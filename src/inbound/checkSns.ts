import { createVerify, X509Certificate } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { millisecondsBetween } from '../domain/instant.ts';
import { isJsonObject, type JsonObject } from './fieldReader.ts';
import { sha256 } from './keys.ts';
import type { Checked, RawDelivery } from './signed.ts';
import { textOf } from './textOf.ts';

/** A message that was published longer ago is a stale one, in milliseconds: one hour, as Amazon's own clients have it. */
const staleAfter = 3_600_000;

/** How far ahead Amazon's clock may be, in milliseconds. */
const clockSkew = 300_000;

/** How long a certificate is believed without fetching it again, in milliseconds; Amazon gives a new one a new name. */
const certificateFor = 24 * 3_600_000;

/** Where Amazon keeps the certificates it signs with, and nowhere else. */
const certificateUrl =
  /^https:\/\/sns\.[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?\/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem$/;

/** Where a subscription is confirmed. */
const confirmationUrl =
  /^https:\/\/sns\.[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?\/\?[\x21-\x7e]{1,2000}$/;

const subscriptionFields = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** What is signed of each kind of message, in this order; what is absent is left out. */
const signedFields: ReadonlyMap<string, readonly string[]> = new Map([
  ['Notification', ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']],
  ['SubscriptionConfirmation', subscriptionFields],
  ['UnsubscribeConfirmation', subscriptionFields],
]);

/** Amazon's name of a signature's version → Node's of its algorithm. */
const algorithms: ReadonlyMap<string, string> = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);

/** Reads what lies at a URL of Amazon's, and nobody else's. @throws when it cannot, or answers anything but 2xx. */
export type FetchFromAmazon = (url: string) => Promise<string>;

/** Checks messages of Amazon SNS. */
export type CheckSns = (delivery: RawDelivery, now: string) => Promise<Checked>;

/**
 * Checks a message of Amazon SNS: its signature (versions 1 and 2) against the certificate it names, which must lie on
 * Amazon's own hosts, and when it was published. A subscription is confirmed once its request proved true. The same
 * MessageId is the same delivery.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function createCheckSns(fetchFromAmazon: FetchFromAmazon): CheckSns {
  const certificates = new LRUCache<string, X509Certificate>({ max: 50, ttl: certificateFor });
  const certificateAt = async (url: string): Promise<X509Certificate> => {
    const known = certificates.get(url);
    if (known !== undefined) return known;
    const certificate = new X509Certificate(await fetchFromAmazon(url));
    certificates.set(url, certificate);
    return certificate;
  };
  return async ({ value }, now) => {
    const refusal = problemOf(value, now);
    if (refusal !== null) return { refused: refusal };
    const message = value as JsonObject;
    let certificate: X509Certificate;
    try {
      certificate = await certificateAt(String(message.SigningCertURL));
    } catch (error) {
      return { later: error };
    }
    if (!isValid(certificate, now)) return { refused: 'The certificate at SigningCertURL is not valid now.' };
    if (!isSigned(message, certificate)) return { refused: 'Signature is not that of this message.' };
    if (message.Type === 'SubscriptionConfirmation') return confirm(message, fetchFromAmazon);
    if (message.Type !== 'Notification') return { answered: true };
    return { onceAs: `sns:${sha256(String(message.MessageId))}` };
  };
}

/** What is wrong with it before anything is fetched for it; null when nothing is. */
function problemOf(message: unknown, now: string): string | null {
  if (!isJsonObject(message)) {
    return 'A message of Amazon SNS is expected; raw message delivery must be off.';
  }
  if (signedFields.get(textOf(message.Type)) === undefined) {
    return 'Type must be Notification, SubscriptionConfirmation or UnsubscribeConfirmation.';
  }
  const texts = ['MessageId', 'Message', 'Timestamp', 'TopicArn', 'Signature', 'SigningCertURL'];
  const missing = texts.find((field) => typeof message[field] !== 'string');
  if (missing !== undefined) return `${missing} is missing.`;
  if (!certificateUrl.test(String(message.SigningCertURL))) {
    return 'SigningCertURL must lie on https://sns.<region>.amazonaws.com.';
  }
  const age = millisecondsBetween(String(message.Timestamp), now);
  if (!(age <= staleAfter && age >= -clockSkew)) return 'Timestamp must lie within the last hour.';
  return null;
}

function isValid({ validFrom, validTo }: X509Certificate, now: string): boolean {
  const at = Date.parse(now);
  return Date.parse(validFrom) <= at && at <= Date.parse(validTo);
}

function isSigned(message: JsonObject, certificate: X509Certificate): boolean {
  const algorithm = algorithms.get(textOf(message.SignatureVersion));
  if (algorithm === undefined || certificate.publicKey.asymmetricKeyType !== 'rsa') return false;
  const verify = createVerify(algorithm);
  for (const field of signedFields.get(textOf(message.Type)) ?? []) {
    const text = message[field];
    if (text === undefined || text === null) continue;
    verify.update(`${field}\n${textOf(text)}\n`);
  }
  return verify.verify(certificate.publicKey, String(message.Signature), 'base64');
}

/** Says yes to a subscription: by asking for the URL that Amazon signed, on Amazon's own host. */
async function confirm(message: JsonObject, fetchFromAmazon: FetchFromAmazon): Promise<Checked> {
  const url = textOf(message.SubscribeURL);
  if (!confirmationUrl.test(url)) {
    return { refused: 'SubscribeURL must lie on https://sns.<region>.amazonaws.com.' };
  }
  try {
    await fetchFromAmazon(url);
    return { answered: true };
  } catch (error) {
    return { later: error };
  }
}
