import { getDefaultResultOrder, type LookupAddress } from 'node:dns';
import { LookUpError, type LookUpOptions, LookUpProcess } from './lookUpProcess.ts';
import { lookUpProgram } from './lookUpProgram.ts';
import type { Resolve } from './outward.ts';

/** The bounds of looking names up. */
export interface LookUpBounds {
  /** Milliseconds a look-up may take: 5,000. */
  readonly milliseconds: number;
  /** Names that are looked up at a time: 32. One more is told to come again. */
  readonly atOnce: number;
  /** Milliseconds after which a process that is asked nothing ends: a minute. */
  readonly idle: number;
  /** What the process runs; for tests. */
  readonly program: string;
}

const defaultBounds: LookUpBounds = {
  milliseconds: 5_000,
  atOnce: 32,
  idle: 60_000,
  program: lookUpProgram,
};

/** Looks names up that others choose, so that one that hangs is nobody else's matter. */
export interface LookUps {
  /** All addresses of a name, from the system; its error is a LookUpError, or has the system's code. */
  readonly resolve: Resolve;
  /** Ends what is under way, and looks nothing up any more. */
  stop(): void;
}

/**
 * Begins a process when the first name is to be looked up. Who asks for the same name at the same time is answered with
 * one look-up. A process in which one is late is left with what else it was asked, and the next name begins another: a
 * name that hangs takes no thread of ours, and none of the process's for long. At most two are there at a time.
 */
export function createLookUps(bounds: Partial<LookUpBounds> = {}): LookUps {
  return new NameLookUps({ ...defaultBounds, ...bounds });
}

class NameLookUps implements LookUps {
  readonly #bounds: LookUpBounds;
  readonly #underWay = new Map<string, Promise<LookupAddress[]>>();
  readonly #processes = new Set<LookUpProcess>();
  #process: LookUpProcess | null = null;
  #idle: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(bounds: LookUpBounds) {
    this.#bounds = bounds;
  }

  readonly resolve: Resolve = (hostname, { family = 0, hints = 0 }, callback) => {
    const options = { family, hints, order: getDefaultResultOrder() };
    this.#find(hostname, options).then(
      (addresses) => callback(null, addresses),
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#idle);
    for (const process of this.#processes) process.end();
  }

  #find(hostname: string, options: LookUpOptions): Promise<LookupAddress[]> {
    const name = `${hostname} ${options.family} ${options.hints}`;
    const known = this.#underWay.get(name);
    if (known !== undefined) return known;
    if (this.#isStopped) return Promise.reject(new LookUpError('Warroom stops.'));
    if (this.#underWay.size >= this.#bounds.atOnce) {
      return Promise.reject(new LookUpError('Too many names of hosts are looked up at the moment.'));
    }
    clearTimeout(this.#idle);
    const found = this.#ask(hostname, options).finally(() => this.#over(name));
    this.#underWay.set(name, found);
    return found;
  }

  async #ask(hostname: string, options: LookUpOptions): Promise<LookupAddress[]> {
    this.#process ??= this.#begin();
    const process = this.#process;
    try {
      return await process.ask(hostname, options);
    } catch (error) {
      // It hangs, or is gone.
      if (error instanceof LookUpError) this.#leave(process);
      throw error;
    }
  }

  #begin(): LookUpProcess {
    const process = new LookUpProcess(this.#bounds);
    this.#processes.add(process);
    void process.ended.then(() => {
      this.#processes.delete(process);
      this.#leave(process);
    });
    return process;
  }

  #over(name: string): void {
    this.#underWay.delete(name);
    if (this.#underWay.size > 0 || this.#process === null) return;
    const process = this.#process;
    this.#idle = setTimeout(() => this.#leave(process), this.#bounds.idle).unref();
  }

  #leave(process: LookUpProcess): void {
    if (this.#process === process) this.#process = null;
    process.leave();
  }
}
