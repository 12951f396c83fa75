import type { Mail, MailOutcome } from '../app/identity.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from '../store/database.ts';
import { noteAddressProven } from '../store/identity/passwordRows.ts';

type SendMail = (mail: Mail) => Promise<MailOutcome>;

/** A person as a mail is written to them. */
interface Addressee {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Mails somebody the link to choose a new password. */
export function mailedReset(sendMail: SendMail, publicUrl: () => string) {
  return async ({ name, email }: Addressee, token: string): Promise<void> => {
    await sendMail({
      to: email,
      subject: 'Choose a new password for Warroom',
      text: `Hello ${name},

somebody, probably you, asked to choose a new password for Warroom. This link does it. It is valid for an hour, and works once:

${publicUrl()}/reset-password?token=${token}

If it was not you, nothing needs to be done: the password stays as it is.
`,
    });
  };
}

/** Notes that the address is theirs, as they came by the link that was mailed there, and says what happened. */
export function mailedResetDone(
  sendMail: SendMail,
  database: Pick<Database, 'asIdentity'>,
  clock: { now(): Instant },
) {
  return async ({ id, name, email }: Addressee): Promise<void> => {
    await noteAddressProven(database, id, clock.now());
    // Nobody waits for it: what it tells has happened.
    void sendMail({
      to: email,
      subject: 'Your password for Warroom was changed',
      text: `Hello ${name},

your password for Warroom was changed by a link that was mailed to you, and you were signed out everywhere.

If it was not you, somebody else reads your mail: tell whoever runs this Warroom.
`,
    });
  };
}
