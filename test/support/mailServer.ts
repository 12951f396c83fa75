import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A message as it arrived. */
export interface CaughtMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** The text, decoded. */
  readonly text: string;
}

/** A real mail server on loopback that keeps what it is sent. */
export interface MailServer {
  /** For WARROOM_SMTP_URL. */
  readonly url: string;
  readonly caught: CaughtMail[];
  /** The next message to this address that has not been waited for, at most 10 s from now. */
  next(to: string): Promise<CaughtMail>;
  stop(): Promise<void>;
}

/** Starts it; `refuse` answers with an SMTP code why a recipient is not taken, null when they are. */
export async function startMailServer(
  refuse: (recipient: string) => { code: number; message: string } | null = () => null,
): Promise<MailServer> {
  const caught: CaughtMail[] = [];
  const seen = new Set<CaughtMail>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (auth, _session, done) =>
      auth.username === 'ada' && auth.password === 'secret'
        ? done(null, { user: 'ada' })
        : done(new Error('Wrong password')),
    onRcptTo: ({ address }, _session, done) => {
      const refused = refuse(address);
      done(refused && Object.assign(new Error(refused.message), { responseCode: refused.code }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        caught.push({
          from: mailFrom === false ? '' : (mailFrom?.address ?? ''),
          to: rcptTo.map(({ address }) => address),
          ...read(Buffer.concat(chunks).toString('utf8')),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    caught,
    async next(to) {
      const end = performance.now() + 10_000;
      for (;;) {
        const mail = caught.find((one) => one.to.includes(to) && !seen.has(one));
        if (mail !== undefined) {
          seen.add(mail);
          return mail;
        }
        if (performance.now() > end) throw new Error(`no mail to ${to} came`);
        await new Promise((wake) => setTimeout(wake, 20));
      }
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Subject and text of a message with one part, in the encodings nodemailer writes. */
function read(source: string): { subject: string; text: string } {
  const [head = '', ...body] = source.replaceAll('\r\n', '\n').split('\n\n');
  const unfolded = head.replace(/\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? '';
  const raw = body.join('\n\n');
  const encoding = header('Content-Transfer-Encoding').toLowerCase();
  const text =
    encoding === 'quoted-printable'
      ? Buffer.from(
          raw
            .replace(/=\n/g, '')
            .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ).toString('utf8')
      : encoding === 'base64'
        ? Buffer.from(raw, 'base64').toString('utf8')
        : raw;
  return { subject: header('Subject'), text };
}
