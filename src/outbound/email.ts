import { createTransport } from 'nodemailer';

/** A message to one person, in plain text. */
export interface EmailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * What the mail server said: SENT when it took the message, REFUSED when it never will, UNAVAILABLE when it is away,
 * busy, or we are. `reason` is for the log.
 */
export type EmailOutcome =
  | { readonly kind: 'SENT' }
  | { readonly kind: 'REFUSED' | 'UNAVAILABLE'; readonly reason: string };

/** Hands mail over to one mail server. */
export interface Email {
  /** Waits for the server's answer, at most 30 s; never throws. */
  send(message: EmailMessage): Promise<EmailOutcome>;
}

/** Milliseconds: to connect, to be greeted, and for the server to say anything at all. */
const patience = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 10_000,
  dnsTimeout: 5_000,
};

/** Messages on their way at a time; one more is UNAVAILABLE. */
const underWayAtMost = 20;

/** A mail server by its URL (`smtp://` with STARTTLS where offered, `smtps://`), and who mail is from. */
export function createEmail({ smtpUrl, from }: { readonly smtpUrl: string; readonly from: string }): Email {
  const transport = createTransport({ url: smtpUrl, ...patience });
  let underWay = 0;
  return {
    async send({ to, subject, text }) {
      if (underWay >= underWayAtMost)
        return { kind: 'UNAVAILABLE', reason: 'too many messages are on their way' };
      underWay += 1;
      try {
        const sent = transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          // Nothing of a message is ever read from a file or an address.
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        await within(30_000, sent);
        return { kind: 'SENT' };
      } catch (error) {
        const { responseCode = 0, message } = error as { responseCode?: number; message: string };
        return { kind: responseCode >= 500 ? 'REFUSED' : 'UNAVAILABLE', reason: message };
      } finally {
        underWay -= 1;
      }
    },
  };
}

/** @throws Error when it takes longer; what is on its way may still arrive. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the mail server took too long')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
