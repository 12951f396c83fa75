import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { profiling } from './processes.ts';

const run = promisify(execFile);

/** Runs a script of this build to its end, at most 5 minutes; answers the JSON it printed. */
export async function runChild<T>(
  script: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<T> {
  const path = fileURLToPath(new URL(`../${script}.js`, import.meta.url));
  const { stdout } = await run(process.execPath, [...profiling(path), '--expose-gc', path, ...args], {
    env: { ...process.env, ...environment },
    timeout: 300_000,
    maxBuffer: 16 * 1_048_576,
  });
  return JSON.parse(stdout) as T;
}
