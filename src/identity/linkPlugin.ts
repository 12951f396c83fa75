import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { BetterAuthPlugin } from 'better-auth/types';
import { linkSeconds } from './lifetimes.ts';

type EndpointContext = Parameters<typeof setSessionCookie>[0];

/** Whom a link signs in. */
export interface LinkHolder {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

const identifierOf = (token: string) => `sign-in-link:${token}`;

/** Only our own code calls: what it sends is what it says. */
const taking = <T extends object>() => ({ $Infer: { body: {} as T } });

/**
 * What better-auth has no endpoint for: one-time sign-in links. Only our own code reaches any of it. `onUsed` is awaited
 * before a link signs somebody in.
 */
export const linkPlugin = (onUsed: (userId: string) => Promise<void>) =>
  ({
    id: 'warroom-links',
    endpoints: {
      /** Makes `token` sign in as this person once, within the hour. */
      makeSignInLink: createAuthEndpoint.serverOnly(
        { method: 'POST', metadata: taking<{ userId: string; token: string }>() },
        async ({ body, context }) => {
          await context.internalAdapter.createVerificationValue({
            identifier: identifierOf(body.token),
            value: body.userId,
            expiresAt: new Date(Date.now() + linkSeconds * 1_000),
          });
          return { made: true };
        },
      ),
      /** Whom a token would sign in, without using it up; null when it holds no more. */
      peekSignInLink: createAuthEndpoint.serverOnly(
        { method: 'POST', metadata: taking<{ token: string }>() },
        async ({ body, context: { internalAdapter } }): Promise<LinkHolder | null> => {
          const found = await internalAdapter.findVerificationValue(identifierOf(body.token));
          if (!found || found.expiresAt < new Date()) return null;
          const user = await internalAdapter.findUserById(found.value);
          return user && { userId: user.id, name: user.name, email: user.email };
        },
      ),
      /** Uses a token up and signs the browser in: of two who bring the same one, one gets in. */
      signInByLink: createAuthEndpoint.serverOnly(
        { method: 'POST', requireHeaders: true, metadata: taking<{ token: string }>() },
        async (context) => {
          const { internalAdapter } = context.context;
          const used = await internalAdapter.consumeVerificationValue(identifierOf(context.body.token));
          if (!used) throw new APIError('UNAUTHORIZED', { code: 'INVALID_TOKEN' });
          await onUsed(used.value);
          return startSession(context, used.value);
        },
      ),
      /** Whether a password reset's token still holds; null when it does not. Uses nothing up. */
      peekPasswordReset: createAuthEndpoint.serverOnly(
        { method: 'POST', metadata: taking<{ token: string }>() },
        async ({ body, context: { internalAdapter } }): Promise<true | null> => {
          const found = await internalAdapter.findVerificationValue(`reset-password:${body.token}`);
          return found && found.expiresAt > new Date() ? true : null;
        },
      ),
      /** Signs the browser in as a person who has shown by other means who they are. */
      startSession: createAuthEndpoint.serverOnly(
        { method: 'POST', requireHeaders: true, metadata: taking<{ userId: string }>() },
        (context) => startSession(context, context.body.userId),
      ),
    },
  }) satisfies BetterAuthPlugin;

async function startSession(context: EndpointContext, userId: string): Promise<{ readonly userId: string }> {
  const { internalAdapter } = context.context;
  const user = await internalAdapter.findUserById(userId);
  if (!user) throw new APIError('UNAUTHORIZED', { code: 'USER_NOT_FOUND' });
  await setSessionCookie(context, { session: await internalAdapter.createSession(userId), user });
  return { userId };
}
