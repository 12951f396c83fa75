import type { GuessedBy } from '../../app/guessing.ts';
import { PasswordsBusyError } from '../passwordWork.ts';
import type { Desk } from './desk.ts';
import { html } from './html.ts';
import { type PageReply, type PageRequest, page } from './page.ts';

/** The header our own code tells better-auth the client's address by; whatever a client sends in it is dropped. */
export const addressHeader = 'x-warroom-address';

/** The headers better-auth may see: none that a client could speak to it by, but what our own pages rely on. */
export function headersOf({ cookie, userAgent, address }: PageRequest): Headers {
  return new Headers({
    ...(cookie !== undefined && { cookie }),
    ...(userAgent !== undefined && { 'user-agent': userAgent }),
    [addressHeader]: address,
  });
}

/**
 * Checks one secret, counted as a guess until `check` answers that it was right; answers a page that says when to come
 * back, without checking, when there were too many.
 */
export async function attempt<T>(
  { guessing }: Desk,
  by: GuessedBy,
  check: () => Promise<T | null>,
): Promise<{ readonly right: T } | { readonly wrong: true } | { readonly reply: PageReply }> {
  const guess = guessing.guess(by);
  if (guess.waitSeconds > 0) return { reply: tooMany(guess.waitSeconds) };
  try {
    const right = await check();
    if (right === null) return { wrong: true };
    if ('right' in guess) guess.right();
    return { right };
  } catch (error) {
    if (!(error instanceof PasswordsBusyError)) throw error;
    if ('right' in guess) guess.right();
    return { reply: busy(error) };
  }
}

/** The answer of better-auth; null when it says that something sent to it is wrong. */
export async function unlessRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const { statusCode } = error as { statusCode?: unknown };
    if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return null;
    throw error;
  }
}

/** Who the attempt at an account is counted for: the browser that was there before, else the account and the address. */
export function guesserOf(desk: Desk, { cookie, address }: PageRequest, email: string): GuessedBy {
  const known = desk.browserCookie().knownAs(cookie, email);
  return known === null ? { account: email, address } : { knownBrowser: known };
}

function tooMany(seconds: number): PageReply {
  const minutes = Math.ceil(seconds / 60);
  const wait = seconds < 60 ? `${seconds} seconds` : minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return page({
    title: 'Too many attempts',
    status: 429,
    headers: { 'retry-after': String(seconds) },
    problem: `There were too many wrong attempts. Wait ${wait}, then try again.`,
    body: html`<p><a href="/sign-in">Back to sign-in</a></p>`,
  });
}

function busy({ message, retryAfterSeconds }: PasswordsBusyError): PageReply {
  return page({
    title: 'Busy',
    status: 503,
    headers: { 'retry-after': String(retryAfterSeconds) },
    problem: message,
    body: html`<p><a href="/sign-in">Back to sign-in</a></p>`,
  });
}
