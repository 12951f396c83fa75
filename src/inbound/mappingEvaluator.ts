import { LRUCache } from 'lru-cache';
import { OverloadedError } from '../app/answer.ts';
import { sha256 } from './keys.ts';
import { type MappingAnswer, MappingProcess } from './mappingProcess.ts';
import { type Place, Turns, Waiting } from './turns.ts';

/** The bounds of evaluating mappings. */
export interface MappingLimits {
  /** Milliseconds an evaluation may take: 1,000. Past them its process is ended, whatever it does. */
  readonly milliseconds: number;
  /** Evaluations that may wait for their turn: 8,192, half of them of one organization, a quarter of one key. */
  readonly waiting: number;
  /** Bytes of bodies that may wait, shared likewise: 64 MiB. */
  readonly waitingBytes: number;
  /** Milliseconds an evaluation may wait for its turn: 10,000. */
  readonly waitMilliseconds: number;
  /** Megabytes of each of the two processes: 64. */
  readonly megabytes: number;
  /** Milliseconds a mapping that took too long is not evaluated again: 30,000. */
  readonly restMilliseconds: number;
}

const defaultLimits: MappingLimits = {
  milliseconds: 1_000,
  waiting: 8_192,
  waitingBytes: 64 * 1_048_576,
  waitMilliseconds: 10_000,
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

/** Evaluates mappings in processes that it ends and begins anew when one takes too long or too much. */
export interface MappingEvaluator {
  /**
   * `body`: JSON text; null only reads the mapping. `place`: who takes turns with whom.
   * @throws OverloadedError when too many wait, it waited too long, or all is stopped.
   */
  evaluate(mapping: string, body: string | null, place: Place): Promise<Evaluated>;
  /** Ends the processes; what still waits is told to come again. */
  stop(): Promise<void>;
}

interface Task {
  readonly mapping: string;
  readonly body: string | null;
  readonly place: Place;
  /** Until when it may wait, by the monotonic clock. */
  readonly until: number;
  readonly resolve: (evaluated: Evaluated) => void;
  readonly reject: (error: unknown) => void;
}

/** A process that evaluates one at a time, and what waits for it. */
interface Desk {
  readonly process: MappingProcess;
  readonly turns: Turns<Waiter>;
  busy: boolean;
}

/** A task until it has its turn. */
interface Waiter {
  readonly task: Task;
  /** Ends the wait. */
  readonly tooLong: NodeJS.Timeout;
}

/** How often a body may take too long before its delivery is not worth another try, and how many are remembered. */
const lateTimes = 2;
const lateBodies = { max: 1_000, ttl: 24 * 60 * 60_000 };

/** Milliseconds of the processor's time from which on an evaluation is slow, and how long its key stays so. */
const slowMilliseconds = 50;
const slowKeys = { max: 10_000, ttl: 60_000 };

/** The share of an evaluation's milliseconds that it has at the quick desk. */
const quickShare = 1 / 5;

/** Seconds after which what waited too long, or finds no room, is worth sending again. */
const busySeconds = 2;

/**
 * JSONata can loop for ever, and a regular expression in it longer than that: its own guards are asked first, and what
 * they do not see ends with the process. A key whose mapping is slow, or ends the process, is evaluated in another one,
 * with others of its kind: the many whose mapping takes less than a millisecond do not wait behind it.
 */
export function createMappingEvaluator(given: Partial<MappingLimits> = {}): MappingEvaluator {
  return new Evaluator({ ...defaultLimits, ...given });
}

class Evaluator implements MappingEvaluator {
  readonly #limits: MappingLimits;
  readonly #quick: Desk;
  readonly #slow: Desk;
  readonly #waiting: Waiting;
  /** Keys that were slow a moment ago. */
  readonly #slowKeys = new LRUCache<string, true>(slowKeys);
  /** Mappings that took too long a moment ago. */
  readonly #resting: LRUCache<string, true>;
  /** How often a mapping took too long with a body. */
  readonly #late = new LRUCache<string, number>(lateBodies);
  #stopped = false;

  constructor(limits: MappingLimits) {
    this.#limits = limits;
    this.#quick = deskOf({ ...limits, milliseconds: limits.milliseconds * quickShare });
    this.#slow = deskOf(limits);
    this.#waiting = new Waiting({ waiting: limits.waiting, bytes: limits.waitingBytes });
    this.#resting = new LRUCache({ max: 1_000, ttl: limits.restMilliseconds });
  }

  evaluate(mapping: string, body: string | null, place: Place): Promise<Evaluated> {
    return new Promise((resolve, reject) => {
      const until = performance.now() + this.#limits.waitMilliseconds;
      const task = { mapping, body, place, until, resolve, reject };
      if (this.#stopped) return reject(new OverloadedError(1));
      if (this.#resting.has(mappingOf(task))) return resolve(this.#tookTooLong(task));
      if (!this.#waiting.fits(place, bytesOf(task))) return reject(new OverloadedError(busySeconds));
      this.#wait(task, this.#slowKeys.has(keyOf(place)) ? this.#slow : this.#quick);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#quick.process.end(), this.#slow.process.end()]);
  }

  #wait(task: Task, desk: Desk): void {
    const giveUp = (): void => {
      desk.turns.delete(task.place, waiter);
      this.#waiting.free(task.place, bytesOf(task));
      task.reject(new OverloadedError(busySeconds));
    };
    const waiter = { task, tooLong: setTimeout(giveUp, task.until - performance.now()) };
    this.#waiting.take(task.place, bytesOf(task));
    desk.turns.add(task.place, waiter);
    if (!desk.busy) void this.#work(desk);
  }

  #next(desk: Desk): Task | null {
    const waiter = desk.turns.next();
    if (waiter === null) return null;
    clearTimeout(waiter.tooLong);
    this.#waiting.free(waiter.task.place, bytesOf(waiter.task));
    return waiter.task;
  }

  async #work(desk: Desk): Promise<void> {
    desk.busy = true;
    for (let task = this.#next(desk); task !== null; task = this.#next(desk)) {
      try {
        const evaluated = await this.#evaluate(task, desk);
        if (evaluated === null) this.#wait(task, this.#slow);
        else task.resolve(evaluated);
      } catch (error) {
        task.reject(this.#stopped ? new OverloadedError(1) : error);
      }
    }
    desk.busy = false;
  }

  /** Null for what is to be tried at the slow desk. */
  async #evaluate(task: Task, desk: Desk): Promise<Evaluated | null> {
    if (this.#stopped) throw new OverloadedError(1);
    if (this.#resting.has(mappingOf(task))) return this.#tookTooLong(task);
    if (desk === this.#quick && this.#slowKeys.has(keyOf(task.place))) return null;
    const answer = await desk.process.evaluate(task.mapping, task.body);
    if ('ended' in answer && this.#stopped) throw new OverloadedError(1);
    if (isSlow(answer)) this.#slowKeys.set(keyOf(task.place), true);
    // What ended the process may have been the machine, or another's memory: it has its whole time, and room, there.
    if (desk === this.#quick && (isLate(answer) || 'ended' in answer)) return null;
    if (isLate(answer)) {
      this.#resting.set(mappingOf(task), true);
      this.#late.set(bodyOf(task), (this.#late.get(bodyOf(task)) ?? 0) + 1);
      return this.#tookTooLong(task);
    }
    if ('ended' in answer) return { problem: 'It needs too much memory.' };
    if ('problem' in answer) return { problem: answer.problem };
    return { value: answer.json === undefined ? undefined : JSON.parse(answer.json) };
  }

  #tookTooLong(task: Task): Evaluated {
    const problem = 'It takes too long.';
    if ((this.#late.get(bodyOf(task)) ?? 0) >= lateTimes) return { problem };
    return { problem, retryAfterSeconds: Math.ceil(this.#limits.restMilliseconds / 1_000) };
  }
}

function deskOf(limits: MappingLimits): Desk {
  return { process: new MappingProcess(limits), turns: new Turns(), busy: false };
}

const keyOf = ({ organizationId, of }: Place): string => `${organizationId} ${of}`;

/** A text is held with two bytes a character at most. */
const bytesOf = ({ body }: Task): number => 2 * (body?.length ?? 0);

/** What a mapping is remembered by: of one organization, so that nobody's trials hold up another's. */
const mappingOf = ({ place, mapping }: Task): string => sha256(`${place.organizationId} ${mapping}`);

const bodyOf = (task: Task): string => sha256(`${mappingOf(task)} ${task.body}`);

/** JSONata has its own words for what its guards stop. */
function isLate(answer: MappingAnswer): boolean {
  return 'ended' in answer
    ? answer.ended === 'LATE'
    : 'problem' in answer && /timeout after/i.test(answer.problem);
}

function isSlow(answer: MappingAnswer): boolean {
  return 'ended' in answer || answer.took >= slowMilliseconds || isLate(answer);
}
