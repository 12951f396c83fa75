import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { cookiePrefix, cookieValue } from './sessionCookie.ts';

/** Remembers that this browser has signed in to an account before, signed in or not. It opens nothing by itself. */
export interface BrowserCookie {
  /** What this browser is called, when it has signed in to the account of this address; null otherwise. */
  knownAs(header: string | undefined, email: string): string | null;
  /** `Set-Cookie` once it has. */
  remember(email: string): string;
}

const rememberedSeconds = 180 * 24 * 3_600;

/**
 * Guesses at an account are counted together, so that anybody could use up its owner's. Who signs in from a browser
 * that did so before has a count of their own.
 */
export function browserCookie(secret: string, secure: boolean): BrowserCookie {
  const name = `${cookiePrefix(secure)}.browser`;
  const proof = (id: string, email: string) =>
    createHmac('sha256', secret).update(`browser\0${id}\0${email}`).digest();
  return {
    knownAs(header, email) {
      const [id = '', given = ''] = (header && cookieValue(header, name))?.split('.') ?? [];
      if (!/^[\w-]{22}$/.test(id)) return null;
      const bytes = Buffer.from(given, 'base64url');
      const right = proof(id, email);
      return bytes.length === right.length && timingSafeEqual(bytes, right) ? id : null;
    },
    remember(email) {
      const id = randomBytes(16).toString('base64url');
      const value = `${id}.${proof(id, email).toString('base64url')}`;
      return `${name}=${value}; Path=/; Max-Age=${rememberedSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
    },
  };
}
