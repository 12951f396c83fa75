// `npm run bench`: measures Warroom against baselines on this machine. Words after `--` choose rows (`npm run bench --
// write latency`); `--quick` takes few and short runs. DATABASE_URL names a PostgreSQL server where it may create and
// drop databases as a superuser; without one, only the rows of the embedded database are measured.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, setUp } from './setup.mjs';

const compiled = join(root, 'dist-bench');

setUp();
if (run('typescript/bin/tsc', ['-p', 'tsconfig.bench.json']) !== 0) process.exit(1);
// What a compiled Warroom finds beside itself.
for (const part of ['package.json', 'prisma/migrations']) {
  rmSync(join(compiled, part), { recursive: true, force: true });
  mkdirSync(compiled, { recursive: true });
  cpSync(join(root, part), join(compiled, part), { recursive: true });
}
// In this very process, so that a signal reaches it and it can clean up.
await import('../dist-bench/bench/run.js');
