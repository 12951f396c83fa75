import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

/** A page in a browser of its own, without a window. */
export interface BrowserPage {
  /** Runs JavaScript in the page: what it is worth, as JSON says it. @throws Error when it throws there. */
  evaluate<T>(expression: string): Promise<T>;
  /** Types this where the cursor is, as somebody at the keyboard. */
  insertText(text: string): Promise<void>;
  /** Everything the page wrote to its console as an error, and what it could not load. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Chromium as Debian calls it, or null. */
export function chromiumProgram(): string | null {
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** Where the browser listens for its remote control; it says so itself. */
function controlOf(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = '';
    const timer = setTimeout(() => fail(new Error(`Chromium is not ready:\n${said}`)), 30_000);
    child.once('exit', (code) => fail(new Error(`Chromium ended with ${code}:\n${said}`)));
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      done(url);
    });
  });
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Chrome's DevTools protocol over one socket: what is asked, and what happens by itself. */
async function control(url: string, happened: (message: Message) => void) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  const waiting = new Map<number, (message: Message) => void>();
  let asked = 0;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id === undefined) return happened(message);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  return (method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> =>
    new Promise((done, fail) => {
      asked += 1;
      waiting.set(asked, ({ result, error }) =>
        error ? fail(new Error(error.message)) : done(result ?? {}),
      );
      socket.send(JSON.stringify({ id: asked, method, params, ...(sessionId && { sessionId }) }));
    });
}

/** Opens a page in a Chromium that nobody else uses and that remembers nothing. */
export async function openPage(url: string): Promise<BrowserPage> {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-chromium-'));
  const words = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const child = spawn(
    chromiumProgram() ?? 'chromium',
    [...words, '--remote-debugging-port=0', `--user-data-dir=${directory}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const problems: string[] = [];
  const ask = await control(await controlOf(child), ({ method, params }) => {
    const entry = params?.entry as { readonly level: string } | undefined;
    if (
      ['Runtime.exceptionThrown', 'Network.loadingFailed'].includes(method ?? '') ||
      entry?.level === 'error'
    )
      problems.push(JSON.stringify(params));
  });
  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const inPage = (method: string, params: object = {}) => ask(method, params, sessionId as string);
  for (const domain of ['Runtime', 'Page', 'Log', 'Network']) await inPage(`${domain}.enable`);
  await inPage('Page.navigate', { url });
  return {
    async evaluate<T>(expression: string) {
      const { result, exceptionDetails } = (await inPage('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })) as { result: { value: T }; exceptionDetails?: { exception?: { description?: string } } };
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'It threw.');
      return result.value;
    },
    async insertText(text) {
      await inPage('Input.insertText', { text });
    },
    problems,
    async close() {
      const ended = new Promise((done) => child.once('exit', done));
      await ask('Browser.close').catch(() => child.kill('SIGKILL'));
      await ended;
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
