import { betterAuth } from 'better-auth/minimal';
import { v7 } from 'uuid';
import type { SignedInBy } from '../app/identity.ts';
import type { IdentityRows } from '../store/identity/identityRows.ts';
import { identityAdapter } from './adapter.ts';
import { linkSeconds, sessionSeconds } from './lifetimes.ts';
import { linkPlugin } from './linkPlugin.ts';
import { createPasswordWork } from './passwordWork.ts';

/** What sign-in is made of. */
export interface AuthOptions {
  readonly rows: IdentityRows;
  /** What cookies are signed with. */
  readonly secret: string;
  /** The base of every address, without a slash at the end. */
  readonly publicUrl: string;
  /** Sends somebody the link to choose a new password; told the token the link carries. */
  sendPasswordReset(to: { readonly name: string; readonly email: string }, token: string): void;
  /** A person has chosen a new password by such a link. */
  onPasswordReset(user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
  }): Promise<void>;
  /** Told of what failed unexpectedly inside. */
  onError(message: string, details: unknown): void;
}

/** Passwords are this long, in characters. */
const passwordLength = { min: 10, max: 128 } as const;

/** The header our own code tells better-auth the client's address by; whatever a client sends in it is dropped. */
const addressHeader = 'x-warroom-address';

/**
 * better-auth, as we use it: through `api` from our own routes only, never as a handler of requests. Its sign-up, its
 * rate limit, its origin check and its pages are not in use; ours are in front of it.
 */
export function createAuth(options: AuthOptions) {
  return betterAuth({
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
      cookiePrefix: 'warroom',
      useSecureCookies: options.publicUrl.startsWith('https:'),
      database: { generateId: () => v7(), validateSchema: false },
    },
    session: {
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      additionalFields: {
        signedInBy: { type: 'string', required: true, input: false, defaultValue: 'LINK' },
      },
    },
    verification: { storeIdentifier: 'hashed', disableCleanup: true },
    account: {
      updateAccountOnSignIn: false,
      // An address that the provider has verified is the same person, once it was verified here too.
      accountLinking: { enabled: true, requireLocalEmailVerified: true },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      password: createPasswordWork(),
      resetPasswordTokenExpiresIn: linkSeconds,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => options.sendPasswordReset(user, token),
      onPasswordReset: ({ user }) => options.onPasswordReset(user),
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: {
              ...session,
              ipAddress: context?.headers?.get(addressHeader) ?? null,
              userAgent: context?.headers?.get('user-agent')?.slice(0, 300) ?? null,
              signedInBy: signedInBy(context?.path),
            },
          }),
        },
      },
    },
    plugins: [linkPlugin],
  });
}

/** better-auth as we use it. */
export type Auth = ReturnType<typeof createAuth>;

function signedInBy(path: string | undefined): SignedInBy {
  if (path === '/sign-in/email') return 'PASSWORD';
  return path?.startsWith('/callback/') ? 'OIDC' : 'LINK';
}
