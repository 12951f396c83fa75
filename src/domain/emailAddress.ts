/** The longest address, in characters. Source: RFC 5321, 4.5.3.1.3: 256 with its angle brackets. */
const addressAtMost = 254;

/** The longest part before the @, in characters. Source: RFC 5321, 4.5.3.1.1. */
const localPartAtMost = 64;

/**
 * Letters, digits and a few signs, no dot at either end or twice; then a domain with a dot in it. Source: what
 * better-auth takes at sign-in (zod's `email`), since nobody could sign in with anything else.
 */
const form = /^(?:[\w'+-]+\.)*[\w'+-]*[\w+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;

/** Whether people can be invited by, sign in with and be written to at this: the one rule there is for addresses. */
export function isEmailAddress(text: string): boolean {
  return text.length <= addressAtMost && text.indexOf('@') <= localPartAtMost && form.test(text);
}
