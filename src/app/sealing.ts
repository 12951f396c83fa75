import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** How a sealed secret begins: as it is, or encrypted. */
const asItIs = 0;
const encrypted = 1;

const nonceBytes = 12;
const tagBytes = 16;

/** A secret was sealed with a key that this process does not have: none, or another one. */
export class UnsealableError extends Error {
  override readonly name = 'UnsealableError';
}

/** Keeps secrets that Warroom has to read back, such as those that senders sign with. */
export interface Sealing {
  /** What to store of a secret; `about` says whose it is, and is needed to open it again. Hexadecimal. */
  seal(secret: string, about: string): string;
  /** @throws UnsealableError when it was sealed with another key, for somebody else, or was altered. */
  open(sealed: Uint8Array, about: string): string;
}

/**
 * Seals with AES-256-GCM under this key of 32 bytes; without one, secrets are stored as they are. What was stored as it
 * is stays readable once there is a key.
 */
export function createSealing(key: Uint8Array | null): Sealing {
  return {
    seal(secret, about) {
      const text = Buffer.from(secret, 'utf8');
      if (key === null) return Buffer.concat([Buffer.of(asItIs), text]).toString('hex');
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text), cipher.final()]);
      return Buffer.concat([Buffer.of(encrypted), nonce, cipher.getAuthTag(), body]).toString('hex');
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed);
      if (bytes[0] === asItIs) return bytes.subarray(1).toString('utf8');
      if (key === null) throw new UnsealableError('It is encrypted, and WARROOM_SECRET_KEY is not set.');
      const body = 1 + nonceBytes + tagBytes;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + nonceBytes), {
          authTagLength: tagBytes,
        }).setAAD(Buffer.from(about));
        decipher.setAuthTag(bytes.subarray(1 + nonceBytes, body));
        return Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()]).toString('utf8');
      } catch {
        throw new UnsealableError('It was encrypted with another WARROOM_SECRET_KEY.');
      }
    },
  };
}

/** A key of 32 bytes from base64 or hexadecimal; null for none. @throws Error when it is not one. */
export function readSealingKey(text: string | null): Uint8Array | null {
  if (text === null) return null;
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (key.length !== 32) throw new Error('WARROOM_SECRET_KEY must be 32 bytes in base64 or hexadecimal.');
  return key;
}
