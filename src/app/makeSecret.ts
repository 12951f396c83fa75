import { createHash, randomBytes } from 'node:crypto';

/** A new API key: what its owner is shown once, and what is kept. */
export interface MadeSecret {
  /** `wr_<8 characters>_<43 characters>`: 256 random bits, shown once. */
  readonly secret: string;
  /** Its first 11 characters, to tell keys apart. */
  readonly prefix: string;
  /** SHA-256 of the whole secret, hexadecimal. */
  readonly hash: string;
}

/** Makes the secret of an API key from the system's randomness. */
export function makeSecret(): MadeSecret {
  const secret = `wr_${randomBytes(4).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  return { secret, prefix: secret.slice(0, 11), hash: createHash('sha256').update(secret).digest('hex') };
}
