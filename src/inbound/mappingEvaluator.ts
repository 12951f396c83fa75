import { LRUCache } from 'lru-cache';
import { OverloadedError } from '../app/answer.ts';
import { sha256 } from './keys.ts';
import { type MappingAnswer, MappingProcess } from './mappingProcess.ts';

/** The bounds of evaluating mappings. */
export interface MappingLimits {
  /** Milliseconds an evaluation may take: 1,000. Past them the process is ended, whatever it does. */
  readonly milliseconds: number;
  /** Evaluations that may wait for their turn: 256, and 16 of one organization. */
  readonly waiting: number;
  readonly waitingOfOne: number;
  /** Megabytes of the process: 64. */
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

/** What an evaluation came to: a value (undefined for nothing), or why there is none. */
export type Evaluated =
  | { readonly value: unknown }
  | {
      readonly problem: string;
      /** Where it took too long, but not twice with this body: it may be the machine's fault, and is worth another try. */
      readonly retryAfterSeconds?: number;
    };

/** Evaluates mappings, one at a time, in a process that it ends and begins anew when one takes too long or too much. */
export interface MappingEvaluator {
  /**
   * `body`: JSON text; null only reads the mapping.
   * @throws OverloadedError when too many wait, or it is stopped.
   */
  evaluate(mapping: string, body: string | null, organizationId: string): Promise<Evaluated>;
  /** Ends the process; what still waits is told to come again. */
  stop(): Promise<void>;
}

interface Task {
  readonly mapping: string;
  readonly body: string | null;
  readonly organizationId: string;
  readonly resolve: (evaluated: Evaluated) => void;
  readonly reject: (error: unknown) => void;
}

/** How often a body may take too long before its delivery is not worth another try, and how many are remembered. */
const lateTimes = 2;
const lateBodies = { max: 1_000, ttl: 24 * 60 * 60_000 };

/**
 * JSONata can loop for ever, and a regular expression in it longer than that: its own guards are asked first, and what
 * they do not see ends with the process.
 */
export function createMappingEvaluator(given: Partial<MappingLimits> = {}): MappingEvaluator {
  return new Evaluator({ ...defaultLimits, ...given });
}

class Evaluator implements MappingEvaluator {
  readonly #limits: MappingLimits;
  readonly #process: MappingProcess;
  /** Mappings that took too long a moment ago. */
  readonly #resting: LRUCache<string, true>;
  /** How often a mapping took too long with a body. */
  readonly #late = new LRUCache<string, number>(lateBodies);
  /** Organization → what waits of it; they take turns. */
  readonly #waiting = new Map<string, Task[]>();
  #count = 0;
  #busy = false;
  #stopped = false;

  constructor(limits: MappingLimits) {
    this.#limits = limits;
    this.#process = new MappingProcess(limits);
    this.#resting = new LRUCache({ max: 1_000, ttl: limits.restMilliseconds });
  }

  evaluate(mapping: string, body: string | null, organizationId: string): Promise<Evaluated> {
    const own = this.#waiting.get(organizationId) ?? [];
    if (this.#stopped || this.#count >= this.#limits.waiting || own.length >= this.#limits.waitingOfOne) {
      return Promise.reject(new OverloadedError(1));
    }
    return new Promise((resolve, reject) => {
      const task = { mapping, body, organizationId, resolve, reject };
      if (this.#resting.has(mappingOf(task))) return resolve(this.#tookTooLong(task));
      own.push(task);
      this.#waiting.set(organizationId, own);
      this.#count += 1;
      if (!this.#busy) void this.#work();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#process.end();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let task = this.#next(); task !== null; task = this.#next()) {
      try {
        task.resolve(await this.#evaluate(task));
      } catch (error) {
        task.reject(this.#stopped ? new OverloadedError(1) : error);
      }
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

  async #evaluate(task: Task): Promise<Evaluated> {
    if (this.#stopped) throw new OverloadedError(1);
    if (this.#resting.has(mappingOf(task))) return this.#tookTooLong(task);
    const answer = await this.#process.evaluate(task.mapping, task.body);
    if (isLate(answer)) {
      this.#resting.set(mappingOf(task), true);
      this.#late.set(bodyOf(task), (this.#late.get(bodyOf(task)) ?? 0) + 1);
      return this.#tookTooLong(task);
    }
    if ('problem' in answer) return { problem: answer.problem };
    if (!('ended' in answer))
      return { value: answer.json === undefined ? undefined : JSON.parse(answer.json) };
    if (this.#stopped) throw new OverloadedError(1);
    return { problem: 'It needs too much memory.' };
  }

  #tookTooLong(task: Task): Evaluated {
    const problem = 'It takes too long.';
    if ((this.#late.get(bodyOf(task)) ?? 0) >= lateTimes) return { problem };
    return { problem, retryAfterSeconds: Math.ceil(this.#limits.restMilliseconds / 1_000) };
  }
}

/** What a mapping is remembered by: of one organization, so that nobody's trials hold up another's. */
const mappingOf = ({ organizationId, mapping }: Task): string => sha256(`${organizationId} ${mapping}`);

const bodyOf = (task: Task): string => sha256(`${mappingOf(task)} ${task.body}`);

/** JSONata has its own words for what its guards stop. */
function isLate(answer: MappingAnswer): boolean {
  return 'ended' in answer
    ? answer.ended === 'LATE'
    : 'problem' in answer && /timeout after/i.test(answer.problem);
}
