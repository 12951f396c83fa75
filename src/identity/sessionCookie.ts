import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where a session's token travels: `<token>.<signature>`, as better-auth signs it. */
export interface SessionCookie {
  readonly name: string;
  /** The token in a `Cookie` header; null when there is none, or it is not signed by us. */
  tokenIn(header: string | undefined): string | null;
}

/** The longest token there is, in characters; a longer one is not worth hashing. */
const tokenAtMost = 64;

/**
 * How cookies of sign-in are called. Browsers take one that begins with `__Host-` from this very host over https alone,
 * for every path: no other host of the domain, and nothing in plain text, can put one of its own in its place.
 */
export function cookiePrefix(secure: boolean): string {
  return secure ? '__Host-warroom' : 'warroom';
}

/** `secure`: people reach us by https, so the browser shall send it over nothing else. */
export function sessionCookie(secret: string, secure: boolean): SessionCookie {
  const name = `${cookiePrefix(secure)}.session_token`;
  return {
    name,
    tokenIn(header) {
      const value = header === undefined ? null : cookieValue(header, name);
      const dot = value?.lastIndexOf('.') ?? -1;
      if (value === null || dot < 1 || dot > tokenAtMost) return null;
      const token = value.slice(0, dot);
      const given = Buffer.from(value.slice(dot + 1), 'base64');
      const right = createHmac('sha256', secret).update(token).digest();
      return given.length === right.length && timingSafeEqual(given, right) ? token : null;
    },
  };
}

/** The first cookie of this name in a `Cookie` header, decoded; null when there is none. */
export function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    try {
      return decodeURIComponent(pair.slice(equals + 1).trim());
    } catch {
      return null;
    }
  }
  return null;
}
