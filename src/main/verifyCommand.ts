import { readFileSync } from 'node:fs';
import cliProgress from 'cli-progress';
import type { SavedHead } from '../app/ledgerWalk.ts';
import { type VerifyReport, verify } from '../app/verify.ts';
import { readConfig } from '../config.ts';
import { commandLine } from '../domain/commandLine.ts';
import { createLog } from '../log.ts';
import { CommandError } from './commandError.ts';
import { openLedgerSource } from './openLedgerSource.ts';

/** The options of `warroom verify`, as the command line gives them. */
export interface VerifyCommandOptions {
  /** Files with heads saved by `warroom head`. */
  readonly head?: readonly string[];
  /** Key ids that saved heads must be signed with. */
  readonly key?: readonly string[];
  readonly organization?: string;
  readonly json?: boolean;
}

/** `warroom verify`: checks every event of every ledger, what bulk actions left, and who is a superadmin. Exit code 0 when all is as it was written, else 1. */
export async function verifyCommand(options: VerifyCommandOptions): Promise<void> {
  const config = readConfig(process.env);
  const savedHeads = (options.head ?? []).flatMap(readHeads);
  const source = await openLedgerSource(config, createLog(config.logLevel));
  const bar = process.stderr.isTTY ? progressBar() : null;
  try {
    const report = await verify({
      source,
      now: new Date().toISOString(),
      savedHeads,
      ...(options.key && { trustedKeyIds: options.key }),
      ...(options.organization !== undefined && { organization: options.organization }),
      ...(bar && { onProgress: bar.show }),
    });
    bar?.stop();
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : sentences(report));
    process.exitCode = report.tampering.length + report.differences.length === 0 ? 0 : 1;
  } finally {
    bar?.stop();
    await source.close();
  }
}

/** Heads of a file: one JSON object, an array of them, or one a line. */
function readHeads(file: string): SavedHead[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandError(`The saved head ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    const heads = headsIn(text);
    if (!heads.every((head) => typeof head.sequence === 'number' && /^[0-9a-f]{64}$/.test(head.hash)))
      throw new Error();
    return heads;
  } catch {
    throw new CommandError(`${file} holds no heads as \`${commandLine} head\` prints them.`);
  }
}

/** One JSON text, whatever its layout, or a line for each head. */
function headsIn(text: string): SavedHead[] {
  try {
    const whole = JSON.parse(text) as SavedHead | SavedHead[];
    return Array.isArray(whole) ? whole : [whole];
  } catch {
    return text.split('\n').map((line) => JSON.parse(line) as SavedHead);
  }
}

function progressBar(): { show(checked: number, total: number): void; stop(): void } {
  const bar = new cliProgress.SingleBar({
    format: 'Verifying {bar} {percentage} % · {value} of {total} events · {eta} s left',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let started = false;
  return {
    show(checked, total) {
      if (!started) bar.start(total, 0);
      started = true;
      bar.setTotal(total);
      bar.update(checked);
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function sentences({ organizations, events, tampering, differences }: VerifyReport): string {
  const checked = `${events} events of ${organizations} organization${organizations === 1 ? '' : 's'} checked`;
  const besides = differences
    .map(({ organization, table, key, problem }) => `${organization} ${table} ${key}: ${problem}.\n`)
    .join('');
  if (tampering.length === 0) return `${besides}${checked}: every one is as it was written.\n`;
  const found = tampering.map(
    ({ organization, ledger, sequence, problem }) => `${organization} ${ledger} ${sequence}: ${problem}.\n`,
  );
  return `${found.join('')}${besides}${checked}: what is named above, and all after it in its ledger, cannot be trusted.\n`;
}
