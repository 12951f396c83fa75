import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmail } from '../../src/outbound/email.ts';
import { type MailServer, startMailServer } from '../support/mailServer.ts';

let server: MailServer;

beforeAll(async () => {
  server = await startMailServer((recipient) => {
    if (recipient.startsWith('nobody')) return { code: 550, message: 'No such user' };
    return recipient.startsWith('later') ? { code: 451, message: 'Try again later' } : null;
  });
});
afterAll(() => server?.stop());

const from = 'Warroom <warroom@example.com>';
const message = { to: 'ada@example.com', subject: 'Grüße', text: 'Zeile eins: 1 = 1\nZeile zwei: ü' };

describe('mail', () => {
  test('arrives as it was sent', async () => {
    const email = createEmail({ smtpUrl: server.url, from });
    expect(await email.send(message)).toEqual({ kind: 'SENT' });
    const mail = await server.next('ada@example.com');
    expect(mail).toMatchObject({ from: 'warroom@example.com', to: ['ada@example.com'] });
    expect(mail.text.trim()).toBe(message.text);
    expect(mail.subject).toContain('=?UTF-8?');
  });

  test('goes out with user and password when the URL has them', async () => {
    const url = new URL(server.url);
    url.username = 'ada';
    url.password = 'secret';
    expect(await createEmail({ smtpUrl: url.href, from }).send(message)).toEqual({ kind: 'SENT' });
    url.password = 'wrong';
    expect(await createEmail({ smtpUrl: url.href, from }).send(message)).toMatchObject({ kind: 'REFUSED' });
  });

  test('one recipient is one recipient, and a subject is one line', async () => {
    const email = createEmail({ smtpUrl: server.url, from });
    await email.send({
      ...message,
      to: 'eve@example.com, mallory@example.com',
      subject: 'Hello\r\nBcc: mallory@example.com',
    });
    expect(server.caught.flatMap(({ to }) => to)).not.toContain('mallory@example.com');
  });

  test('is REFUSED when the server will never take it, UNAVAILABLE when it may later', async () => {
    const email = createEmail({ smtpUrl: server.url, from });
    expect(await email.send({ ...message, to: 'nobody@example.com' })).toMatchObject({ kind: 'REFUSED' });
    expect(await email.send({ ...message, to: 'later@example.com' })).toMatchObject({ kind: 'UNAVAILABLE' });
  });

  test('is UNAVAILABLE when there is no server', async () => {
    const email = createEmail({ smtpUrl: 'smtp://127.0.0.1:1', from });
    expect(await email.send(message)).toMatchObject({ kind: 'UNAVAILABLE' });
  });

  test('too many at once are turned away instead of kept', async () => {
    // A server that never says a word.
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const email = createEmail({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
    const sent = Array.from({ length: 25 }, () => email.send(message));
    const turnedAway = await Promise.race([
      Promise.all(sent.slice(20)),
      new Promise((r) => setTimeout(r, 5_000)),
    ]);
    expect(turnedAway).toEqual(
      Array.from({ length: 5 }, () => ({ kind: 'UNAVAILABLE', reason: expect.stringContaining('too many') })),
    );
    expect((await Promise.all(sent.slice(0, 20))).map(({ kind }) => kind)).not.toContain('SENT');
    silent.close();
  });
});
