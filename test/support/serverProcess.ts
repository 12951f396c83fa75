import { type ChildProcess, spawn } from 'node:child_process';
import { compiledMain, environmentOf } from './command.ts';

/** The API key every spawned server is founded with. */
export const storyKey = 'story-bootstrap-key-0123456789-abcdef';

/** Milliseconds in which a server is ready on a machine that has nothing else to do. */
const readyWithin = 3_000;

/** A server in a process of its own, as a user runs it. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** False once it has ended, however. */
  readonly running: boolean;
  /** Milliseconds from spawn to ready. */
  readonly readyAfter: number;
  /** At least 1: how many times longer than a machine with nothing else to do this one took to be ready. */
  readonly patience: number;
  /** Everything it wrote so far. */
  output(): string;
  /** Ends it; resolves with the exit code (null when killed by a signal). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

function waitForUrl(child: ChildProcess, output: () => string, limit: number): Promise<string> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`not ready within ${limit} ms:\n${output()}`)), limit);
    const look = () => {
      const url = /http:\/\/[\w.[\]:]+:\d+/.exec(output())?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      done(url);
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`exited with ${code} before it was ready:\n${output()}`));
    });
  });
}

async function waitUntilReady(url: string, limit: number): Promise<void> {
  const end = performance.now() + limit;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    if (performance.now() > end)
      throw new Error(`/readyz: ${answer === null ? 'no answer' : await answer.text()}`);
    await new Promise((wake) => setTimeout(wake, 25));
  }
}

/**
 * Starts `dist/main.js` on a free port and waits until it is ready; at most a minute. `environment` adds settings
 * (DATABASE_URL, WARROOM_DATA_DIR, …).
 */
export async function startServerProcess(environment: Record<string, string>): Promise<ServerProcess> {
  const settings = { PORT: '0', WARROOM_BOOTSTRAP_KEY: storyKey, WARROOM_LOG_LEVEL: 'warn', ...environment };
  const began = performance.now();
  const child = spawn(process.execPath, [compiledMain(), 'start'], {
    env: environmentOf(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr.on('data', (chunk) => chunks.push(String(chunk)));
  const output = () => chunks.join('');
  // Once all it wrote has come, too.
  const exited = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const url = await waitForUrl(child, output, 60_000);
  await waitUntilReady(url, 60_000);
  const readyAfter = performance.now() - began;
  return {
    url,
    pid: child.pid ?? 0,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    readyAfter,
    patience: Math.max(1, readyAfter / readyWithin),
    output,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}
