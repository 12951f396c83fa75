import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { OverloadedError } from '../app/answer.ts';
import { sha256 } from './keys.ts';
import { mappingThread } from './mappingThread.ts';

/** The bounds of evaluating mappings. */
export interface MappingLimits {
  /** Milliseconds an evaluation may take: 1,000. Past them the thread is ended, whatever it does. */
  readonly milliseconds: number;
  /** Evaluations that may wait for their turn: 256, and 16 of one organization. */
  readonly waiting: number;
  readonly waitingOfOne: number;
  /** Megabytes of the thread: 64. */
  readonly megabytes: number;
  /** Milliseconds a mapping that took too long is not evaluated again: 30,000. */
  readonly restMilliseconds: number;
}

const defaultLimits: MappingLimits = {
  milliseconds: 1_000,
  waiting: 256,
  waitingOfOne: 16,
  megabytes: 64,
  restMilliseconds: 30_000,
};

/** How deep an expression may nest calls, and how long a list it may make. */
const depthLimit = 200;
const sequenceLimit = 100_000;

/** The longest result, in UTF-16 units of its JSON: a delivery has no use for more. */
const answerLimit = 4 * 1_048_576;

/** What an evaluation came to: a value (undefined for nothing), or why there is none. */
export type Evaluated = { readonly value: unknown } | { readonly problem: string };

/** Evaluates mappings, one at a time, in a thread that it ends and begins anew when one takes too long or too much. */
export interface MappingEvaluator {
  /**
   * `body`: JSON text; null only reads the mapping.
   * @throws OverloadedError when too many wait.
   */
  evaluate(mapping: string, body: string | null, organizationId: string): Promise<Evaluated>;
  /** Ends the thread; what still waits comes to nothing. */
  stop(): Promise<void>;
}

interface Task {
  readonly mapping: string;
  readonly body: string | null;
  readonly organizationId: string;
  readonly resolve: (evaluated: Evaluated) => void;
}

/**
 * JSONata can loop for ever, and a regular expression in it longer than that: its own guards are asked first, and what
 * they do not see ends with the thread.
 */
export function createMappingEvaluator(given: Partial<MappingLimits> = {}): MappingEvaluator {
  return new Evaluator({ ...defaultLimits, ...given });
}

class Evaluator implements MappingEvaluator {
  readonly #limits: MappingLimits;
  /** Mappings that took too long a moment ago. */
  readonly #resting: LRUCache<string, true>;
  /** Organization → what waits of it; they take turns. */
  readonly #waiting = new Map<string, Task[]>();
  #count = 0;
  #thread: Worker | null = null;
  #busy = false;
  #id = 0;

  constructor(limits: MappingLimits) {
    this.#limits = limits;
    this.#resting = new LRUCache({ max: 1_000, ttl: limits.restMilliseconds });
  }

  evaluate(mapping: string, body: string | null, organizationId: string): Promise<Evaluated> {
    if (this.#resting.has(sha256(mapping))) return Promise.resolve({ problem: tookTooLong });
    const own = this.#waiting.get(organizationId) ?? [];
    if (this.#count >= this.#limits.waiting || own.length >= this.#limits.waitingOfOne) {
      return Promise.reject(new OverloadedError(1));
    }
    return new Promise((resolve) => {
      own.push({ mapping, body, organizationId, resolve });
      this.#waiting.set(organizationId, own);
      this.#count += 1;
      if (!this.#busy) void this.#work();
    });
  }

  async stop(): Promise<void> {
    await this.#end();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let task = this.#next(); task !== null; task = this.#next()) {
      const { mapping, resolve } = task;
      if (this.#resting.has(sha256(mapping))) {
        resolve({ problem: tookTooLong });
        continue;
      }
      const evaluated = await this.#evaluate(task);
      if ('problem' in evaluated && evaluated.problem === tookTooLong)
        this.#resting.set(sha256(mapping), true);
      resolve(evaluated);
    }
    this.#busy = false;
  }

  /** The first that waits of whose turn it is, who is last after that. */
  #next(): Task | null {
    for (const [organizationId, tasks] of this.#waiting) {
      const task = tasks.shift();
      this.#waiting.delete(organizationId);
      if (tasks.length > 0) this.#waiting.set(organizationId, tasks);
      if (task === undefined) continue;
      this.#count -= 1;
      return task;
    }
    return null;
  }

  async #evaluate({ mapping, body }: Task): Promise<Evaluated> {
    const thread = await this.#running();
    this.#id += 1;
    const id = this.#id;
    const answered = new Promise<Evaluated>((resolve) => {
      const late = setTimeout(() => settle({ problem: tookTooLong }, true), this.#limits.milliseconds);
      const settle = (evaluated: Evaluated, ended: boolean): void => {
        clearTimeout(late);
        thread.off('message', onMessage).off('error', onError).off('exit', onError);
        if (ended) void this.#end().then(() => resolve(evaluated));
        else resolve(evaluated);
      };
      const onMessage = (answer: { id: number; json?: string; problem?: string }): void => {
        if (answer.id !== id) return;
        const { json, problem } = answer;
        if (problem !== undefined) settle({ problem: problemOf(problem) }, false);
        else settle({ value: json === undefined ? undefined : JSON.parse(json) }, false);
      };
      const onError = (): void => settle({ problem: 'It needs too much memory.' }, true);
      thread.on('message', onMessage).on('error', onError).on('exit', onError);
    });
    thread.postMessage({ id, mapping, ...(body === null ? {} : { body }) });
    return answered;
  }

  /** The thread, begun if there is none; the time it takes to begin is nobody's evaluation. */
  async #running(): Promise<Worker> {
    if (this.#thread !== null) return this.#thread;
    const thread = new Worker(mappingThread, {
      eval: true,
      env: {},
      workerData: {
        jsonata: createRequire(import.meta.url).resolve('jsonata'),
        bounds: { timeout: this.#limits.milliseconds, stack: depthLimit, sequence: sequenceLimit },
        answerLimit,
      },
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes, maxYoungGenerationSizeMb: 16 },
    });
    thread.unref();
    this.#thread = thread;
    await new Promise<void>((resolve) => thread.once('online', resolve).once('exit', () => resolve()));
    return thread;
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }
}

const tookTooLong = 'It takes too long.';

/** JSONata's own words for what its guards stop. */
function problemOf(problem: string): string {
  return /timeout after/i.test(problem) ? tookTooLong : problem;
}
