import { verify } from '../../src/app/verify.ts';
import { createLog } from '../../src/log.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { databaseLedgerSource } from '../../src/store/read/ledgerRows.ts';
import { replayedIncidents } from '../../src/store/replayedIncidents.ts';

/** What a run prints. */
export interface VerifyRun {
  readonly events: number;
  /** Events a second: of verifying, and of folding every incident again. */
  readonly verified: number;
  readonly replayed: number;
  /** Bytes that live after a collection at a quarter and at the end of verifying. */
  readonly early: number;
  readonly late: number;
}

/**
 * Verifies and replays all there is, in a process of its own.
 *
 *     node --expose-gc verifyRun.js <DATABASE_URL or ''> <data directory> <organization id>
 */
const [, , databaseUrl = '', dataDirectory = '.', organizationId = ''] = process.argv;
const database = await openDatabase({
  databaseUrl: databaseUrl || null,
  dataDirectory,
  log: createLog('error'),
});

function live(): number {
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let early = 0;
let collecting = 0;
const began = performance.now();
const report = await verify({
  now: new Date().toISOString(),
  source: databaseLedgerSource(database),
  onProgress(checked, total) {
    if (early > 0 || checked < total / 4) return;
    const from = performance.now();
    early = live();
    collecting = performance.now() - from;
  },
});
const verifying = (performance.now() - began - collecting) / 1_000;
const late = live();
if (report.tampering.length > 0) throw new Error(JSON.stringify(report.tampering));

let folded = 0;
const replayBegan = performance.now();
for await (const { events } of replayedIncidents(
  database,
  organizationId,
  '00000000-0000-0000-0000-000000000000',
)) {
  folded += events.length;
}
const replaying = (performance.now() - replayBegan) / 1_000;
await database.close();
const run: VerifyRun = {
  events: report.events,
  verified: report.events / verifying,
  replayed: folded / replaying,
  early,
  late,
};
console.log(JSON.stringify(run));
process.exit(0);
