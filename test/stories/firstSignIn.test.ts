import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browser, createBrowser } from '../support/browser.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';

// The administrator's way in, as whoever installs Warroom goes it: from what the first start prints, and, when that is
// lost, from the command line. On the embedded database, where the command line has to ask the server.

const directory = mkdtempSync(join(tmpdir(), 'warroom-first-'));
const environment = { WARROOM_DATA_DIR: join(directory, 'data') };
let server: ServerProcess;
let browser: Browser;

const linkIn = (text: string) => /https?:\S+\/sign-in\?token=\S+/.exec(text)?.[0] ?? '';
const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? '';
/** `warroom sign-in-link <email>`, with no server's settings but where the database is. */
function signInLink(email: string): { status: number | null; out: string; error: string } {
  const env: NodeJS.ProcessEnv = { ...process.env, ...environment };
  delete env.DATABASE_URL;
  const command = [resolve('dist/main.js'), 'sign-in-link', email];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  return { status, out: stdout, error: stderr };
}

beforeAll(async () => {
  server = await startServerProcess(environment);
  browser = createBrowser(server.url);
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('the first start prints a link that signs the administrator in', async () => {
  const link = linkIn(server.output());
  expect(link.startsWith(`${server.url}/sign-in?token=`)).toBe(true);
  const response = await browser.open('/sign-in', { token: tokenOf(link) });
  expect(response.headers.get('location')).toBe('/choose-password');
  const { data } = await browser.post('{ viewer { role organization { slug } } }');
  expect(data).toEqual({ viewer: { role: 'ORG_ADMIN', organization: { slug: 'default' } } });
});

test('the command line makes another while the server runs', async () => {
  const { status, out } = signInLink('Administrator@localhost');
  expect(status).toBe(0);
  expect(linkIn(out).startsWith(server.url)).toBe(true);
  const other = createBrowser(server.url);
  expect((await other.open('/sign-in', { token: tokenOf(linkIn(out)) })).status).toBe(303);
  expect((await other.open('/sign-in', { token: tokenOf(linkIn(out)) })).status).toBe(410);
});

test('nobody gets a link who is not there', () => {
  const { status, out, error } = signInLink('nobody@example.com');
  expect([status, out]).toEqual([1, '']);
  expect(error).toBe('Nobody has the email address nobody@example.com. Invite them first.\n');
});

test('a second start prints none, keeps who is signed in, and takes a link made while nothing ran', async () => {
  expect(await server.stop()).toBe(0);
  const { out } = signInLink('administrator@localhost');
  server = await startServerProcess(environment);
  expect(linkIn(server.output())).toBe('');
  const again = createBrowser(server.url);
  for (const pair of browser.cookie().split('; ')) {
    again.keep(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
  expect((await again.post('{ viewer { role } }')).status).toBe(200);
  const other = createBrowser(server.url);
  expect((await other.open('/sign-in', { token: tokenOf(linkIn(out)) })).status).toBe(303);
});
