import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Guessing } from '../app/guessing.ts';
import type { Identity, Mail, MailOutcome, Person } from '../app/identity.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from '../store/database.ts';
import { createIdentityRows } from '../store/identity/identityRows.ts';
import { identitySecret } from '../store/identity/identitySecret.ts';
import { proveAddress, proveByLink } from '../store/identity/passwordRows.ts';
import { insertPerson, type PersonRow, personByEmail } from '../store/identity/personRows.ts';
import { endSessionsOnce } from '../store/identity/sessionRequests.ts';
import { sweepIdentity } from '../store/identity/sessionRows.ts';
import type { Auth } from './auth.ts';
import { createDesk } from './createDesk.ts';
import type { OidcSettings } from './oidc/settings.ts';
import type { Invitations, OwnOrganization, Superadmins } from './pages/desk.ts';
import { createPages, type Pages } from './pages/routes.ts';
import { createPasswordWork } from './passwordWork.ts';
import { mailedReset, mailedResetDone } from './resetMail.ts';
import { sessionCookie } from './sessionCookie.ts';
import { createSessions } from './sessions.ts';

/** What the sign-in room is made of. */
export interface IdentityOptions {
  readonly database: Pick<Database, 'asIdentity'>;
  readonly clock: { now(): Instant };
  readonly guessing: Guessing;
  /** Where people reach this installation, without a slash at the end; asked for when somebody first signs in. */
  publicUrl(): string;
  /** The organizations a person is a member of, for their pages. */
  organizationsOf(userId: string): Promise<readonly OwnOrganization[]>;
  /** The invitations that people come with. */
  readonly invitations: Invitations;
  /** Who may act in every organization, and which there are. */
  readonly superadmins: Superadmins;
  /** Null when this installation has no mail server. */
  readonly sendMail: ((mail: Mail) => Promise<MailOutcome>) | null;
  /** Null when people sign in with passwords only. */
  readonly oidc: OidcSettings | null;
  /** Told of what failed unexpectedly. */
  onError(message: string, details: unknown): void;
}

/** The sign-in room: what it does for the rest of the program, and its pages. */
export interface IdentityRoom extends Identity {
  readonly pages: Pages;
  /** Loads it at the first call: better-auth takes half a second, which nobody should wait for at a start. */
  auth(): Promise<Auth>;
  /** Forgets sessions and links that hold no more. */
  sweep(): Promise<void>;
}

/** Opens the sign-in room; reads, or on first use makes, what cookies are signed with. */
export async function createIdentity(options: IdentityOptions): Promise<IdentityRoom> {
  const { database, clock, publicUrl, onError } = options;
  const sendMail = options.sendMail ?? (async (): Promise<MailOutcome> => 'NOT_SET_UP');
  const secret = await identitySecret(database, randomBytes(32).toString('base64url'));
  const passwords = createPasswordWork();
  const auth = once(async () =>
    (await import('./auth.ts')).createAuth({
      rows: createIdentityRows(database),
      secret,
      passwords,
      publicUrl: publicUrl(),
      oidc: options.oidc && { settings: options.oidc, database, clock },
      sendPasswordReset: mailedReset(sendMail, publicUrl),
      onPasswordReset: mailedResetDone(sendMail, database, clock),
      onLinkUsed: (userId) => proveByLink(database, userId, clock.now()),
      onError,
    }),
  );
  const secure = () => publicUrl().startsWith('https:');
  const cookie = once(() => sessionCookie(secret, secure()));
  const sessions = createSessions({ database, clock, cookie });
  const createPerson: Identity['createPerson'] = async ({ password, ...person }) => {
    const hash = password === null ? null : await passwords.hash(password);
    const row = { ...person, id: v7(), email: person.email.trim().toLowerCase(), at: clock.now() };
    const made = await insertPerson(database, row, hash === null ? null : { accountId: v7(), hash });
    return made ? personOf(row) : null;
  };
  const desk = createDesk({ ...options, auth, sessions, passwords, secret, createPerson });

  return {
    auth,
    pages: createPages(desk),
    publicUrl,
    sendMail,
    sweep: () => sweepIdentity(database, sessions.liveness()),
    signedIn: sessions.signedIn,
    sessions: sessions.of,
    endSession: (userId, only) => sessions.end(userId, { only }),
    endOtherSessions: (userId, but) => sessions.end(userId, { but }),
    async endSessionsOnce(userId, which, request) {
      const ended = await endSessionsOnce(database, { ...request, userId, at: clock.now() }, which);
      sessions.forget();
      return ended;
    },
    liveSessions: sessions.live,
    async personByEmail(email) {
      const row = await personByEmail(database, email.trim().toLowerCase());
      return row && personOf(row);
    },
    // No account of the identity provider is linked to it by this: nothing keeps what a stranger may have set up.
    addressProven: (email) => proveAddress(database, email.trim().toLowerCase(), '', clock.now()),
    createPerson,
    async signInLink(userId) {
      const token = randomBytes(32).toString('base64url');
      await (await auth()).api.makeSignInLink({ body: { userId, token } });
      return `${publicUrl()}/sign-in?token=${token}`;
    },
  };
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
