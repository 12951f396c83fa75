import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { fixture } from './fixture.ts';

type Message = Record<string, unknown>;

/** Amazon as its messages show it: a certificate of our own making, and who asks for what. */
export class Amazon {
  readonly certificateUrl = String(fixture('sns-notification').SigningCertURL);
  readonly asked: string[] = [];
  /** What is thrown instead of an answer. */
  failure: Error | null = null;
  readonly #key = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  readonly #certificate: string;

  constructor(validUntil = '20351231235959Z') {
    this.#certificate = selfSigned(this.#key, validUntil);
  }

  readonly fetch = async (url: string): Promise<string> => {
    this.asked.push(url);
    if (this.failure !== null) throw this.failure;
    return url === this.certificateUrl ? this.#certificate : '<ConfirmSubscriptionResponse/>';
  };

  /** A message signed as Amazon signs. */
  signed(message: Message, version: '1' | '2' = '2'): Message {
    const fields =
      message.Type === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const text = fields
      .filter((field) => message[field] !== undefined)
      .map((field) => `${field}\n${message[field]}\n`)
      .join('');
    const sign = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text);
    return { ...message, SignatureVersion: version, Signature: sign.sign(this.#key.privateKey, 'base64') };
  }

  /** A notification of CloudWatch's alarm, with these changes to either. */
  notification(alarm: object = {}, message: Message = {}): Message {
    const Message = JSON.stringify({ ...fixture('cloudwatch-alarm'), ...alarm });
    return { ...fixture('sns-notification'), Message, ...message };
  }
}

/** A certificate of sns.amazonaws.com that its own key signs (RFC 5280), as Node can read but not make one. */
function selfSigned(
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  until: string,
) {
  const algorithm = der(0x30, oid('2a864886f70d01010b'), der(0x05));
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('sns.amazonaws.com')))));
  const validity = der(0x30, ...['20260101000000Z', until].map((at) => der(0x18, Buffer.from(at))));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const body = der(0x30, der(0x02, Buffer.of(1)), algorithm, name, validity, name, key);
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey);
  const certificate = der(0x30, body, algorithm, der(0x03, Buffer.concat([Buffer.of(0), signature])));
  const base64 = certificate.toString('base64').replace(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** A value of DER: tag, length, contents. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(contents);
  const length =
    value.length < 128 ? Buffer.of(value.length) : Buffer.of(0x82, value.length >> 8, value.length & 0xff);
  return Buffer.concat([Buffer.of(tag), length, value]);
}
