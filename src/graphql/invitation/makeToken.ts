import { randomBytes } from 'node:crypto';
import { tokenHashOf } from '../../app/invitations.ts';

/** A new invitation's token: what its link carries once, and what is kept. */
export interface MadeToken {
  /** `wi_<43 characters>`: 256 random bits. */
  readonly token: string;
  /** SHA-256 of the whole token, hexadecimal. */
  readonly tokenHash: string;
}

/** Makes the token of an invitation from the system's randomness. */
export function makeToken(): MadeToken {
  const token = `wi_${randomBytes(32).toString('base64url')}`;
  return { token, tokenHash: tokenHashOf(token) };
}
