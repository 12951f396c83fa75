import type { Instant } from '../domain/instant.ts';

/** How a browser was signed in: with a password, by a one-time link, or through the identity provider. */
export type SignedInBy = 'PASSWORD' | 'LINK' | 'OIDC';

/** A browser's session as its owner may see it; its token is nowhere but in the browser. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Instant;
  /** Give or take ten minutes. */
  readonly lastUsedAt: Instant;
  /** When it ends by itself if it is not used until then. */
  readonly expiresAt: Instant;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly signedInBy: SignedInBy;
}

/** A person, whatever they are a member of. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  /** Lower case. */
  readonly email: string;
  /** Whether they have shown that mail to it reaches them. */
  readonly emailVerified: boolean;
}

/** A browser that is signed in, and who sits at it. */
export interface SignedIn {
  readonly session: Session;
  readonly person: Person;
}

/** A message to one person, in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What became of a message: NOT_SET_UP when this installation has no mail server, FAILED when it refused or is away. */
export type MailOutcome = 'SENT' | 'NOT_SET_UP' | 'FAILED';

/** What the sign-in room does for the rest of the program. Implemented in `identity`, wired by `main`. */
export interface Identity {
  /** The session a `Cookie` header carries; null when there is none that holds. Believed for a second. */
  signedIn(cookie: string | undefined): Promise<SignedIn | null>;
  /** A person's live sessions, the latest used first; at most 50. */
  sessions(userId: string): Promise<readonly Session[]>;
  /** Ends one session of this person. Answers the ids of those that were there: none, or this one. */
  endSession(userId: string, sessionId: string): Promise<readonly string[]>;
  /** Ends every session of this person but one; null: every one. Answers the ids of those that were there. */
  endOtherSessions(userId: string, but: string | null): Promise<readonly string[]>;
  /**
   * Ends one session of this person, or all but one (null: all), once for their idempotency key, kept seven days. Answers
   * how many were ended when it was first sent; null, with nothing ended, when the key was used with other input.
   */
  endSessionsOnce(
    userId: string,
    which: { readonly only: string } | { readonly but: string | null },
    request: { readonly key: string; readonly digest: string },
  ): Promise<number | null>;
  /** Of these sessions, those that are live; at most 20,000 at once. One statement. */
  liveSessions(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The person of this email address, in whatever case; null when there is none. */
  personByEmail(email: string): Promise<Person | null>;
  /**
   * An issuer this installation trusts says whose this address is. If somebody has an account of it and never showed
   * that it is theirs, the password and sessions they set up may be a stranger's, and end.
   */
  addressProven(email: string): Promise<void>;
  /**
   * Makes a person who may then sign in. Without a password they can do so by a one-time link or the identity provider.
   * Answers null, with nothing made, when the address is taken.
   */
  createPerson(input: {
    readonly name: string;
    readonly email: string;
    readonly emailVerified: boolean;
    readonly password: string | null;
  }): Promise<Person | null>;
  /** A link that signs a browser in as this person: valid for an hour, once. */
  signInLink(userId: string): Promise<string>;
  /** Where people reach this installation: the base of every link, without a slash at the end. */
  publicUrl(): string;
  /** Sends a message and waits for the mail server's answer, at most 30 s. */
  sendMail(mail: Mail): Promise<MailOutcome>;
}
