import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where tests keep what is the same from run to run. */
export const cacheDirectory = join(root, 'node_modules/.cache/warroom');

/**
 * The embedded database's worker as JavaScript: a worker thread does not go through vitest, and Node 20 reads no
 * TypeScript. Compiled once for each version of the file.
 */
export function compiledWorker(): URL {
  const source = join(root, 'src/store/embeddedWorker.ts');
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const compiled = join(cacheDirectory, `worker-${version}`);
  if (!existsSync(compiled)) {
    mkdirSync(cacheDirectory, { recursive: true });
    const fresh = mkdtempSync(join(cacheDirectory, 'compiling-'));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--skipLibCheck'];
    execFileSync(process.execPath, [tsc, source, '--ignoreConfig', '--outDir', fresh, ...options], {
      cwd: root,
    });
    renameUnlessThere(fresh, compiled);
  }
  return pathToFileURL(join(compiled, 'embeddedWorker.js'));
}

/** Two test files may make the same thing at once; the first one stays. */
export function renameUnlessThere(fresh: string, wanted: string): void {
  try {
    renameSync(fresh, wanted);
  } catch (error) {
    if (!existsSync(wanted)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
}
