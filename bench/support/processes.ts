import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A process under measurement, on loopback. */
export interface Measured {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The API key every measured Warroom is founded with. */
export const benchKey = 'bench-bootstrap-key-0123456789-abcdef';

/** Runs a script of this build and waits for the URL it prints; at most 60 s. */
export async function startProcess(
  script: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Measured> {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await new Promise<string>((done, fail) => {
    let printed = '';
    const timer = setTimeout(() => fail(new Error(`${script} is not ready:\n${printed}`)), 60_000);
    child.stdout?.on('data', (chunk) => {
      printed += String(chunk);
      const found = /ready at (http:\/\/\S+)|^(http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed);
      if (found === null) return;
      clearTimeout(timer);
      done((found[1] ?? found[2]) as string);
    });
    child.once('exit', (code) => fail(new Error(`${script} ended with ${code}:\n${printed}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** This build's Warroom, as a user runs it. */
export function startWarroom(environment: Record<string, string>): Promise<Measured> {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
  return startProcess(main, ['start'], {
    PORT: '0',
    WARROOM_BOOTSTRAP_KEY: benchKey,
    WARROOM_LOG_LEVEL: 'error',
    ...environment,
  });
}

/** The path of a compiled baseline. */
export function baseline(name: string): string {
  return resolve(fileURLToPath(new URL(`../baseline/${name}.js`, import.meta.url)));
}

/** A directory that is removed when the work is done. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
