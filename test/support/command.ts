import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const main = resolve('dist/main.js');

/** The compiled command line, as a user has it. */
export function compiledMain(): string {
  if (!existsSync(main)) throw new Error('dist/main.js is missing; `npm test` builds it');
  return main;
}

/** An environment for a Warroom in a process of its own: of the settings it has only these. */
export function environmentOf(settings: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('WARROOM_') && !['DATABASE_URL', 'PORT', 'HOST'].includes(name),
  );
  return { ...Object.fromEntries(inherited), ...settings };
}

/** What a command did. */
export interface CommandOutcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs `warroom …words` in a process of its own, to its end. */
export async function runCommand(
  words: readonly string[],
  settings: Record<string, string>,
): Promise<CommandOutcome> {
  const began = performance.now();
  const child = spawn(process.execPath, [compiledMain(), ...words], {
    env: environmentOf({ WARROOM_LOG_LEVEL: 'warn', ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += String(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...said, milliseconds: performance.now() - began };
}
