import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { serverUrl } from './support/benchDatabase.ts';
import { cleanUpAll, cleanUpOnSignals } from './support/cleanUp.ts';
import { quick } from './support/effort.ts';
import type { Row } from './support/row.ts';

// `npm run bench [-- [--quick] name …]`: measures, prints a table and saves what was found in bench/results.

interface Bench {
  readonly run: () => Promise<Row[]>;
  /** It has nothing to compare with on the embedded database. */
  readonly needsServer?: boolean;
}

/** What can be measured, by the name given on the command line; all of it when none is given. */
const benches: Readonly<Record<string, Bench>> = {
  ready: { run: async () => (await import('./ready.ts')).benchReady() },
  embedded: { run: async () => (await import('./write.ts')).benchWriteEmbedded() },
  write: { run: async () => (await import('./write.ts')).benchWriteServer(), needsServer: true },
  latency: { run: async () => (await import('./latency.ts')).benchLatency(), needsServer: true },
  fanout: { run: async () => (await import('./fanOut.ts')).benchFanOut(), needsServer: true },
  memory: { run: async () => (await import('./memory.ts')).benchMemory() },
  list: { run: async () => (await import('./list.ts')).benchList(), needsServer: true },
  deadlines: { run: async () => (await import('./deadlines.ts')).benchDeadlines(), needsServer: true },
  scheduler: {
    run: async () => (await import('./schedulerCost.ts')).benchSchedulerCost(),
    needsServer: true,
  },
  security: {
    run: async () => (await import('./rowLevelSecurity.ts')).benchRowLevelSecurity(),
    needsServer: true,
  },
  isolation: { run: async () => (await import('./isolation.ts')).benchIsolation(), needsServer: true },
  catchup: { run: async () => (await import('./catchUp.ts')).benchCatchUp(), needsServer: true },
  ingest: { run: async () => (await import('./ingest.ts')).benchIngest(), needsServer: true },
  credentials: { run: async () => (await import('./credentials.ts')).benchCredentials() },
  verify: { run: async () => (await import('./verify.ts')).benchVerify() },
};

/** The longest one bench may take, in milliseconds. */
const longest = 10 * 60_000;

const figure = (value: number): string => {
  if (value === 0) return '0';
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
};

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.name,
    `${figure(row.ours)} ${row.unit}`,
    row.baseline === null ? '–' : `${figure(row.baseline)} ${row.unit}`,
    row.ratio === null ? '–' : `${row.ratio.toFixed(2)}×`,
    row.bar,
    row.met ? 'met' : 'MISSED',
  ]);
  const all = [['Row', 'Warroom', 'Baseline', 'Ratio', 'Bar', ''], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`It takes longer than ${longest / 60_000} min.`)), longest);
    work.then(done, fail).finally(() => clearTimeout(timer));
  });
}

function save(rows: readonly Row[], skipped: readonly string[], failed: readonly string[]): string {
  const at = new Date().toISOString();
  const directory = fileURLToPath(new URL('../../bench/results/', import.meta.url));
  mkdirSync(directory, { recursive: true });
  const file = `${directory}${at.replaceAll(':', '-')}.json`;
  const machine = { node: process.version, cores: cpus().length, processor: cpus()[0]?.model };
  writeFileSync(file, `${JSON.stringify({ at, quick, machine, rows, skipped, failed }, null, 2)}\n`);
  return file;
}

async function main(): Promise<number> {
  const asked = process.argv.slice(2).filter((word) => word !== '--quick');
  const unknown = asked.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
    return 2;
  }
  cleanUpOnSignals();
  const rows: Row[] = [];
  const skipped: string[] = [];
  const failed: string[] = [];
  for (const [name, bench] of Object.entries(benches)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    if (bench.needsServer && serverUrl === null) {
      console.error(`${name}: needs DATABASE_URL, a PostgreSQL server to compare on; skipped`);
      skipped.push(name);
      continue;
    }
    console.error(`Measuring ${name} …`);
    try {
      rows.push(...(await inTime(bench.run())));
    } catch (error) {
      console.error(`${name} failed:`, error);
      failed.push(name);
      await cleanUpAll();
    }
  }
  console.log(`\n${table(rows)}`);
  if (quick) console.log('\nA quick look: few and short runs, figures not to be quoted.');
  console.log(`\nSaved to ${save(rows, skipped, failed)}`);
  return failed.length === 0 ? 0 : 1;
}

process.exit(await main());
