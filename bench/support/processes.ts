import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withCleanUp } from './cleanUp.ts';
import type { ProbeAnswers } from './probe.ts';

/** A process under measurement, on loopback. */
export interface Measured {
  readonly url: string;
  readonly pid: number;
  /** Asks its probe; only of a process started with one. */
  ask<Q extends keyof ProbeAnswers>(question: Q): Promise<ProbeAnswers[Q]>;
  /** Ends it: SIGTERM, and SIGKILL when that takes longer than 15 s. */
  stop(): Promise<void>;
}

/** How a process is started. */
export interface StartOptions {
  readonly environment?: Record<string, string>;
  /** Loads the probe, and lets it collect garbage. */
  readonly probe?: boolean;
}

/** The API key every measured Warroom is founded with. */
export const benchKey = 'bench-bootstrap-key-0123456789-abcdef';

/** Milliseconds a process may take to be ready, and to end. */
const readyWithin = 60_000;
const endsWithin = 15_000;

const running = new Set<ChildProcess>();
// Whatever happens to us, nothing we started lives on.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs a script of this build and waits for the URL it prints; at most 60 s. */
export async function startProcess(
  script: string,
  args: readonly string[],
  { environment = {}, probe = false }: StartOptions = {},
): Promise<Measured> {
  const options = [...profiling(script), ...(probe ? ['--expose-gc', '--import', probeUrl] : [])];
  const child = spawn(process.execPath, [...options, script, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', ...(probe ? ['ipc' as const] : [])],
  });
  running.add(child);
  const exited = new Promise<void>((done) =>
    child.once('exit', () => {
      running.delete(child);
      done();
    }),
  );
  const stop = () => end(child, exited);
  try {
    return {
      url: await urlOf(child, script),
      pid: child.pid ?? 0,
      ask: (question) => ask(child, question),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const probeUrl = new URL('./probe.js', import.meta.url).href;

/** With BENCH_CPU_PROF=<directory>, every measured process writes a CPU profile there when it ends. */
export function profiling(script: string): string[] {
  const directory = process.env.BENCH_CPU_PROF;
  if (!directory) return [];
  const name = `${script.split('/').at(-1)}-${Date.now()}.cpuprofile`;
  return ['--cpu-prof', '--cpu-prof-dir', directory, '--cpu-prof-name', name];
}

function urlOf(child: ChildProcess, script: string): Promise<string> {
  return new Promise((done, fail) => {
    let printed = '';
    const timer = setTimeout(() => fail(new Error(`${script} is not ready:\n${printed}`)), readyWithin);
    child.stdout?.on('data', (chunk) => {
      printed += String(chunk);
      const found = /ready at (http:\/\/\S+)|^(http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed);
      if (found === null) return;
      clearTimeout(timer);
      done((found[1] ?? found[2]) as string);
    });
    child.once('error', fail);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`${script} ended with ${code}:\n${printed}`));
    });
  });
}

function ask<Q extends keyof ProbeAnswers>(child: ChildProcess, question: Q): Promise<ProbeAnswers[Q]> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`No answer to ${question} within 10 s.`)), 10_000);
    const listen = (message: unknown) => {
      const said = message as { question: unknown; answer: ProbeAnswers[Q] };
      if (said.question !== question) return;
      clearTimeout(timer);
      child.off('message', listen);
      done(said.answer);
    };
    child.on('message', listen);
    child.send(question);
  });
}

async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), endsWithin);
  await exited;
  clearTimeout(impatient);
}

/** This build's Warroom, as a user runs it. */
export function startWarroom(
  environment: Record<string, string>,
  options: Omit<StartOptions, 'environment'> = {},
): Promise<Measured> {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
  return startProcess(main, ['start'], {
    ...options,
    environment: {
      PORT: '0',
      HOST: '127.0.0.1',
      WARROOM_BOOTSTRAP_KEY: benchKey,
      WARROOM_LOG_LEVEL: 'error',
      ...environment,
    },
  });
}

/** The path of a compiled baseline. */
export function baseline(name: string): string {
  return fileURLToPath(new URL(`../baseline/${name}.js`, import.meta.url));
}

/** A directory that is removed when the work is done. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-bench-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  return withCleanUp(remove, () => work(directory));
}

/** Does the work beside running processes, which are ended when it is done. */
export async function whileRunning<T>(processes: readonly Measured[], work: () => Promise<T>): Promise<T> {
  return withCleanUp(async () => void (await Promise.all(processes.map((one) => one.stop()))), work);
}
