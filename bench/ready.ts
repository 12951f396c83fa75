import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withCleanUp } from './support/cleanUp.ts';
import { effort } from './support/effort.ts';
import { inTemporaryDirectory } from './support/processes.ts';
import { below, median, type Row } from './support/row.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Seconds from `npm start` to the line that says it is ready; at most 120 s. */
async function start(dataDirectory: string): Promise<number> {
  const began = performance.now();
  // A group of its own: npm, its shell and the server end together.
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DATABASE_URL: '', WARROOM_DATA_DIR: dataDirectory },
  });
  const exited = new Promise<void>((done) => child.once('close', () => done()));
  return withCleanUp(
    () => stop(child, exited),
    async () => {
      await ready(child);
      return (performance.now() - began) / 1_000;
    },
  );
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let printed = '';
    const timer = setTimeout(() => fail(new Error(`npm start is not ready:\n${printed}`)), 120_000);
    child.stdout?.on('data', (chunk) => {
      printed += String(chunk);
      if (!printed.includes('ready at http://')) return;
      clearTimeout(timer);
      done();
    });
    child.once('error', fail);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`npm start ended with ${code}:\n${printed}`));
    });
  });
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid ?? 0), signal);
    } catch {
      // It has ended already.
    }
  };
  send('SIGTERM');
  const impatient = setTimeout(() => send('SIGKILL'), 15_000);
  await exited;
  clearTimeout(impatient);
}

/** How soon Warroom serves when `npm start` has been run before, on the embedded database. */
export async function benchReady(): Promise<Row[]> {
  return inTemporaryDirectory(async (directory) => {
    const first = await start(directory);
    const later: number[] = [];
    for (let run = 0; run < effort.runs; run += 1) later.push(await start(directory));
    return [below('Ready after a second npm start', 's', median(later), 3, { first, runs: later })];
  });
}
