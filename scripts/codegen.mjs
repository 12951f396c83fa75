// `npm run codegen` runs codegen.ts, which prints schema.graphql and makes the typed operations; `--check` fails when
// that changed anything. Node 20 reads no TypeScript, so it is compiled first.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run, setUp } from './setup.mjs';

const compiled = join(root, 'node_modules/.cache/warroom/codegen');
const made = ['schema.graphql', 'src/client/gql/operations.ts'];
const textOf = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');

setUp();
rmSync(compiled, { recursive: true, force: true });
const before = made.map(textOf);
const options = ['--noEmit', 'false', '--rootDir', '.', '--outDir', compiled];
if (run('typescript/bin/tsc', ['-p', 'tsconfig.codegen.json', ...options]) !== 0) process.exit(1);
await import(pathToFileURL(join(compiled, 'codegen.js')).href);
const changed = made.filter((file, index) => textOf(file) !== before[index]);
if (process.argv.includes('--check') && changed.length > 0) {
  process.stderr.write(
    `Not what the code makes: ${changed.join(', ')}. It is now: look at the difference and commit it.\n`,
  );
  process.exit(1);
}
