import type { Log } from '../log.ts';

/** At most one line in this many milliseconds, whatever thousands of clients do. */
const every = 10_000;

/** Counts what clients do wrong and says it in one line now and then. */
export interface MisuseLog {
  /** `what` is one of a few fixed texts; at most 32 different ones are counted. */
  note(what: string): void;
  stop(): void;
}

/** The first is logged within 10 s, with everything else of those seconds. */
export function createMisuseLog(log: Pick<Log, 'warn'>): MisuseLog {
  const counts = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  const say = (): void => {
    timer = null;
    if (counts.size === 0) return;
    log.warn({ counts: Object.fromEntries(counts) }, 'WebSocket connections were refused or closed');
    counts.clear();
  };

  return {
    note(what) {
      if (counts.has(what) || counts.size < 32) counts.set(what, (counts.get(what) ?? 0) + 1);
      timer ??= setTimeout(say, every).unref();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      say();
    },
  };
}
