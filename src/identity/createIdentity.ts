import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Identity, Mail, MailOutcome, Person } from '../app/identity.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from '../store/database.ts';
import { createIdentityRows } from '../store/identity/identityRows.ts';
import { identitySecret } from '../store/identity/identitySecret.ts';
import { insertPerson, type PersonRow, personByEmail } from '../store/identity/personRows.ts';
import { type Auth, createAuth } from './auth.ts';
import { sessionCookie } from './sessionCookie.ts';
import { createSessions } from './sessions.ts';

/** What the sign-in room is made of. */
export interface IdentityOptions {
  readonly database: Pick<Database, 'asIdentity'>;
  readonly clock: { now(): Instant };
  /** Where people reach this installation, without a slash at the end; asked for when somebody first signs in. */
  publicUrl(): string;
  sendMail(mail: Mail): Promise<MailOutcome>;
  /** Told of what failed unexpectedly. */
  onError(message: string, details: unknown): void;
}

/** The sign-in room: what it does for the rest of the program, and better-auth for its own routes. */
export interface IdentityRoom extends Identity {
  auth(): Auth;
}

/** Opens the sign-in room; reads, or on first use makes, what cookies are signed with. */
export async function createIdentity(options: IdentityOptions): Promise<IdentityRoom> {
  const { database, clock, publicUrl, sendMail, onError } = options;
  const rows = createIdentityRows(database);
  const secret = await identitySecret(database, randomBytes(32).toString('base64url'));
  const auth = once(() =>
    createAuth({
      rows,
      secret,
      publicUrl: publicUrl(),
      sendPasswordReset: () => undefined,
      onPasswordReset: async () => undefined,
      onError,
    }),
  );
  const cookie = once(() => sessionCookie(secret, publicUrl().startsWith('https:')));
  const sessions = createSessions({ database, clock, cookie });

  return {
    auth,
    publicUrl,
    sendMail,
    signedIn: sessions.signedIn,
    sessions: sessions.of,
    endSession: (userId, only) => sessions.end(userId, { only }),
    endOtherSessions: (userId, but) => sessions.end(userId, { but }),
    liveSessions: sessions.live,
    async personByEmail(email) {
      const row = await personByEmail(database, email.trim().toLowerCase());
      return row && personOf(row);
    },
    createPerson: (input) => createPerson(options, auth(), input),
    async signInLink(userId) {
      const token = randomBytes(32).toString('base64url');
      await auth().api.makeSignInLink({ body: { userId, token } });
      return `${publicUrl()}/sign-in?token=${token}`;
    },
  };
}

async function createPerson(
  { database, clock }: IdentityOptions,
  auth: Auth,
  { password, ...person }: Parameters<Identity['createPerson']>[0],
): Promise<Person | null> {
  const { password: passwords } = await auth.$context;
  const hash = password === null ? null : await passwords.hash(password);
  const row = { ...person, id: v7(), email: person.email.trim().toLowerCase(), at: clock.now() };
  const made = await insertPerson(database, row, hash === null ? null : { accountId: v7(), hash });
  return made ? personOf(row) : null;
}

function personOf({ id, name, email, emailVerified }: PersonRow): Person {
  return { userId: id, name, email, emailVerified };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
