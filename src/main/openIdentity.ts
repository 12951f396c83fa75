import type { Handle } from '../app/answer.ts';
import type { Guessing } from '../app/guessing.ts';
import type { Mail, MailOutcome } from '../app/identity.ts';
import { acceptInvitation, describeInvitation } from '../app/invitations.ts';
import type { Config } from '../config.ts';
import { createIdentity, type IdentityRoom } from '../identity/createIdentity.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { membershipsOf } from '../store/read/memberships.ts';
import { organizationOfSlug, organizationsCalled, superadminsOf } from '../store/read/standing.ts';
import { outageLog } from './outageLog.ts';

/** What the sign-in room is opened with. */
export interface OpenIdentityOptions {
  readonly config: Pick<Config, 'mail' | 'oidc'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly guessing: Guessing;
  readonly handle: Handle;
  readonly log: Log;
  publicUrl(): string;
}

/** Opens the sign-in room on this database. */
export async function openIdentity(options: OpenIdentityOptions): Promise<IdentityRoom> {
  const { config, database, clock, guessing, handle, log, publicUrl } = options;
  const failed = outageLog(log, 'Sign-in failed unexpectedly');
  return createIdentity({
    database,
    clock,
    guessing,
    publicUrl,
    organizationsOf: (userId) => membershipsOf(database, userId),
    invitations: {
      describe: (token) => describeInvitation({ database, clock }, token),
      async accept(token, userId, isNew) {
        const { answer } = await acceptInvitation({ database, handle }, { token, userId, isNew });
        return answer.kind === 'refused' ? answer.refusal.message : null;
      },
    },
    superadmins: {
      is: async (userId) => (await superadminsOf(database, [userId])).has(userId),
      find: (text) => organizationsCalled(database, text),
      exists: async (slug) => (await organizationOfSlug(database, slug)) !== null,
    },
    sendMail: config.mail && (await mailThrough(config.mail, log)),
    oidc: config.oidc,
    onError: (message, details) => failed(details ?? message),
  });
}

async function mailThrough(
  mail: NonNullable<Config['mail']>,
  log: Log,
): Promise<(mail: Mail) => Promise<MailOutcome>> {
  // Most installations have no mail server, and need none of what speaks to one.
  const { createEmail } = await import('../outbound/email.ts');
  const email = createEmail(mail);
  const failed = outageLog(log, 'Mail could not be sent');
  return async (message) => {
    const outcome = await email.send(message);
    if (outcome.kind === 'SENT') return 'SENT';
    failed(new Error(`${outcome.kind}: ${outcome.reason}`));
    return 'FAILED';
  };
}
