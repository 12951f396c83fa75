import { v7 } from 'uuid';
import type { Identity } from '../app/identity.ts';
import { passwordAt, passwordOf, setOwnDetails } from '../store/identity/passwordRows.ts';
import type { Auth } from './auth.ts';
import { browserCookie } from './browserCookie.ts';
import type { IdentityOptions } from './createIdentity.ts';
import type { Desk } from './pages/desk.ts';
import type { PasswordWork } from './passwordWork.ts';
import type { Sessions } from './sessions.ts';

/** Password resets being prepared at a time; one more is dropped, as if there was no such account. */
const resetsAtOnce = 10;

/** What pages work with, on top of what the room was opened with. */
export function createDesk(
  options: IdentityOptions & {
    auth(): Promise<Auth>;
    readonly sessions: Sessions;
    readonly passwords: PasswordWork;
    readonly secret: string;
    createPerson: Identity['createPerson'];
  },
): Desk {
  const { auth, sessions, publicUrl, passwords, database, clock, onError } = options;
  let resets = 0;
  return {
    auth,
    sessions,
    guessing: options.guessing,
    publicUrl,
    organizationsOf: options.organizationsOf,
    invitations: options.invitations,
    superadmins: options.superadmins,
    createPerson: options.createPerson,
    onError,
    now: clock.now,
    browserCookie: () => browserCookie(options.secret, publicUrl().startsWith('https:')),
    oidcName: options.oidc?.name ?? null,
    sendsMail: options.sendMail !== null,
    hasPassword: async (userId) => (await passwordOf(database, userId)) !== null,
    passwordMark: (email) => passwordAt(database, email),
    async passwordIs(userId, password) {
      const hash = await passwordOf(database, userId);
      return hash !== null && passwords.verify({ hash, password });
    },
    async setOwnDetails({ password, ...details }) {
      const hash = await passwords.hash(password);
      const set = await setOwnDetails(database, { ...details, accountId: v7(), hash, at: clock.now() });
      sessions.forget();
      return set;
    },
    requestReset(email, headers) {
      if (resets >= resetsAtOnce) return onError('A password reset was dropped: too many at once', null);
      resets += 1;
      auth()
        .then(({ api }) => api.requestPasswordReset({ body: { email }, headers }))
        .catch((error: unknown) => onError('A password reset could not be prepared', error))
        .finally(() => {
          resets -= 1;
        });
    },
  };
}
