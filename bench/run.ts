import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Row } from './support/row.ts';

/** What can be measured, by the name given on the command line; all of it when none is given. */
const benches: Record<string, () => Promise<Row[]>> = {
  write: async () => (await import('./write.ts')).benchWriteServer(),
  embedded: async () => (await import('./write.ts')).benchWriteEmbedded(),
  latency: async () => (await import('./latency.ts')).benchLatency(),
  fanout: async () => (await import('./fanOut.ts')).benchFanOut(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  deadlines: async () => (await import('./deadlines.ts')).benchDeadlines(),
  security: async () => (await import('./rowLevelSecurity.ts')).benchRowLevelSecurity(),
  catchup: async () => (await import('./catchUp.ts')).benchCatchUp(),
};

const figure = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

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
  return all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`Measuring ${name} …`);
  rows.push(...(await bench()));
}
console.log(table(rows));
mkdirSync('bench/results', { recursive: true });
const at = new Date().toISOString();
const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
const file = `bench/results/${at.replaceAll(':', '-')}.json`;
writeFileSync(file, `${JSON.stringify({ at, machine, rows }, null, 2)}\n`);
console.log(`\nSaved to ${file}`);
process.exit(0);
