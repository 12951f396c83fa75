// `npm run check`: what every change must pass, cheapest first. Stops at the first that fails.
import { run, setUp } from './setup.mjs';

setUp();
const checks = [
  ['Format and lint', '@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']],
  ['Types', 'typescript/bin/tsc', ['--noEmit', '-p', '.']],
  ['Unused files, exports and packages', 'knip/bin/knip.js', []],
  ['Generated files', '../scripts/codegen.mjs', ['--check']],
  ['Tests', 'vitest/vitest.mjs', ['run', '--exclude', 'test/external/**']],
];
for (const [title, tool, parameters] of checks) {
  process.stdout.write(`\n${title}\n`);
  const environment = { ...process.env };
  delete environment.DATABASE_URL;
  if (run(tool, parameters, environment) !== 0) {
    process.stderr.write(`\n${title}: failed\n`);
    process.exit(1);
  }
}
