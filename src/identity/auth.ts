import { betterAuth } from 'better-auth/minimal';
import { v7 } from 'uuid';
import type { SignedInBy } from '../app/identity.ts';
import type { IdentityRows } from '../store/identity/identityRows.ts';
import { identityAdapter } from './adapter.ts';
import { linkSeconds, sessionSeconds } from './lifetimes.ts';
import { linkPlugin } from './linkPlugin.ts';
import { oidcPlugin } from './oidc/plugin.ts';
import { addressHeader } from './pages/attempt.ts';
import { type PasswordWork, passwordLength } from './passwordWork.ts';
import { quietly } from './quietly.ts';
import { cookiePrefix } from './sessionCookie.ts';

/** What sign-in is made of. */
export interface AuthOptions {
  readonly rows: IdentityRows;
  /** What cookies are signed with. */
  readonly secret: string;
  readonly passwords: PasswordWork;
  /** The base of every address, without a slash at the end. */
  readonly publicUrl: string;
  /** The identity provider, if there is one, and where its people are kept. */
  readonly oidc: Parameters<typeof oidcPlugin>[0] | null;
  /** Sends somebody the link to choose a new password; told the token the link carries. */
  sendPasswordReset(to: Addressee, token: string): Promise<void>;
  /** A person has chosen a new password by such a link. */
  onPasswordReset(user: Addressee): Promise<void>;
  /** A person comes by a one-time link, and is signed in once this resolves. */
  onLinkUsed(userId: string): Promise<void>;
  /** Told of what failed unexpectedly inside. */
  onError(message: string, details: unknown): void;
}

/** A person as they are written to. */
interface Addressee {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/**
 * better-auth, as we use it: through `api` from our own routes only, never as a handler of requests. Its sign-up, its
 * rate limit, its origin check and its pages are not in use; ours are in front of it.
 */
export function createAuth(options: AuthOptions) {
  const secure = options.publicUrl.startsWith('https:');
  const links = linkPlugin(options.onLinkUsed);
  const auth = betterAuth({
    appName: 'Warroom',
    baseURL: options.publicUrl,
    basePath: '/auth',
    secrets: [{ version: 1, value: options.secret }],
    database: identityAdapter(options.rows),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: 'error',
      log: (level, message, ...details) => level === 'error' && options.onError(message, details[0]),
    },
    advanced: {
      // Its own way of making them secure would put `__Secure-` in front.
      useSecureCookies: false,
      cookiePrefix: cookiePrefix(secure),
      defaultCookieAttributes: { secure },
      database: { generateId: () => v7(), validateSchema: false },
    },
    session: {
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      additionalFields: {
        signedInBy: { type: 'string', required: true, input: false, defaultValue: 'LINK' },
      },
    },
    user: {
      // Whoever comes with an address that the provider did not verify could be anybody.
      validateUserInfo: ({ user: { emailVerified }, source: { action, method } }) =>
        method === 'oauth' && action !== 'sign-in' && !emailVerified
          ? { error: 'email_not_verified' }
          : undefined,
    },
    verification: { storeIdentifier: 'hashed', disableCleanup: true },
    account: {
      updateAccountOnSignIn: false,
      // The round trip's state travels in the browser, sealed: who only begins one makes us write nothing.
      storeStateStrategy: 'cookie',
      // An address that the provider has verified is the same person, once it was verified here too.
      accountLinking: { enabled: true, requireLocalEmailVerified: true },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      password: options.passwords,
      resetPasswordTokenExpiresIn: linkSeconds,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => options.sendPasswordReset(user, token),
      onPasswordReset: ({ user }) => options.onPasswordReset(user),
    },
    databaseHooks: { session: { create: { before: describeSession } } },
    plugins: options.oidc === null ? [links] : [links, oidcPlugin(options.oidc)],
  });
  return { ...auth, api: quietly(auth.api) };
}

/** better-auth as we use it. */
export type Auth = ReturnType<typeof createAuth>;

/** What a session keeps of where it was begun. */
async function describeSession<S extends object>(
  session: S,
  context: { readonly headers?: Headers | undefined; readonly path?: string | undefined } | null,
) {
  return {
    data: {
      ...session,
      ipAddress: context?.headers?.get(addressHeader) ?? null,
      userAgent: context?.headers?.get('user-agent')?.slice(0, 300) ?? null,
      signedInBy: signedInBy(context?.path),
    },
  };
}

function signedInBy(path: string | undefined): SignedInBy {
  if (path === '/sign-in/email') return 'PASSWORD';
  return path?.startsWith('/callback/') ? 'OIDC' : 'LINK';
}
