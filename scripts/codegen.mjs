// `npm run codegen` runs codegen.ts, which prints schema.graphql and makes the typed operations; `--check` fails when
// that changed anything. Node 20 reads no TypeScript, so it is compiled first.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run, setUp } from './setup.mjs';

const compiled = join(root, 'node_modules/.cache/warroom/codegen');
const printed = join(root, 'schema.graphql');
const schema = () => (existsSync(printed) ? readFileSync(printed, 'utf8') : '');

setUp();
rmSync(compiled, { recursive: true, force: true });
const before = schema();
const options = ['--noEmit', 'false', '--rootDir', '.', '--outDir', compiled];
if (run('typescript/bin/tsc', ['-p', 'tsconfig.codegen.json', ...options]) !== 0) process.exit(1);
await import(pathToFileURL(join(compiled, 'codegen.js')).href);
if (process.argv.includes('--check') && schema() !== before) {
  process.stderr.write(
    'schema.graphql was not what the code prints. It is now: look at the difference and commit it.\n',
  );
  process.exit(1);
}
