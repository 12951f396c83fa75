import type { Instant } from '../domain/instant.ts';

/** What `/readyz` asks about; each check must answer within a second. */
export interface HealthChecks {
  /** One round trip to the database; throws when it cannot be reached. */
  database(): Promise<void>;
  /** When the scheduler last looked, and how many deadlines it could not fire yet. */
  scheduler(): { readonly lastLookedAt: Instant | null; readonly running: boolean; readonly stuck: number };
  /** Entries between the head of the ledgers and what the feed has read, over all tails. */
  feedLag(): number;
  /** True when the database holds incidents of a newer program than this one. */
  outdated(): boolean;
}

/** A scheduler that has not looked for this long, in milliseconds, is not ready. */
const schedulerSilence = 10_000;

/** More entries than this waiting between ledger and feed: not ready. */
const feedLagLimit = 10_000;

/** What a check found; `ok` false names why in `reason`. */
interface Finding {
  readonly ok: boolean;
  readonly [detail: string]: unknown;
}

/** The answer of `/readyz`. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, Finding>>;
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks every check, side by side, and says whether this instance should be sent work. */
export async function readiness(checks: HealthChecks, now: Instant, draining: boolean): Promise<Readiness> {
  const database: Finding = await within(1_000, checks.database()).then(
    () => ({ ok: true }),
    // What the database or the network said may name users and hosts, and anyone may ask here.
    () => ({ ok: false, reason: 'it cannot be asked' }),
  );
  const { lastLookedAt, running, stuck } = checks.scheduler();
  const silence = lastLookedAt === null ? null : Date.parse(now) - Date.parse(lastLookedAt);
  const lag = checks.feedLag();
  const found: Record<string, Finding> = {
    database,
    scheduler: {
      // What is stuck is told, and no more: it is tried again for ever, here and elsewhere, and one incident whose
      // deadline always fails would take every instance away from everybody.
      ok: running && silence !== null && silence < schedulerSilence,
      lastLookedAt,
      stuckDeadlines: stuck,
    },
    feed: { ok: lag <= feedLagLimit, lag },
    version: { ok: !checks.outdated() },
  };
  if (draining) found.draining = { ok: false, reason: 'this instance is stopping' };
  return { ready: Object.values(found).every((finding) => finding.ok), checks: found };
}
