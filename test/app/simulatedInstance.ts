import type { Answer, Request } from '../../src/app/answer.ts';
import { createDeadlineFiring, type DeadlineFiring } from '../../src/app/fireDeadlines.ts';
import { createHandle, type Door } from '../../src/app/handle.ts';
import type { LedgerFeedEntry } from '../../src/feed/entry.ts';
import type { WriteStore } from '../../src/store/port.ts';
import type { FakeClock } from '../support/fakeClock.ts';
import type { MemoryStore } from '../support/memoryStore.ts';
import type { Random } from '../support/random.ts';

/** One call that waits for the simulation to let it happen, well or badly. */
interface Pending {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What the simulated instances share: the database, the clock, and chance. */
export interface SimulatedWorld {
  readonly memory: MemoryStore;
  readonly clock: FakeClock;
  readonly random: Random;
  readonly monotonic: () => number;
  readonly newId: () => string;
  /** Statements whose connection died and which the server has not come to yet. */
  readonly ghosts: (() => Promise<unknown>)[];
  /** Whether calls may go wrong now. */
  faulty: boolean;
}

/** The connection died. */
const connectionLost = () => new Error('Connection terminated unexpectedly');

/** The process died before it answered. */
class ProcessDied extends Error {}

/** One process of Warroom: a door and a scheduler whose every step waits for the simulation. */
export class SimulatedInstance {
  readonly news: LedgerFeedEntry[] = [];
  readonly pending: Pending[] = [];
  readonly #world: SimulatedWorld;
  readonly #door: Door;
  readonly #deadlines: DeadlineFiring;
  readonly #asking = new Set<(error: Error) => void>();
  #dead = false;

  constructor(world: SimulatedWorld) {
    this.#world = world;
    const store = this.#store();
    this.#door = createHandle({
      store,
      clock: world.clock,
      inbox: { committed: (_organization, _ledger, entries) => this.news.push(...entries), ring: () => {} },
      log: { warn: () => {}, error: () => {} },
      // When it is dead its time is over: the door turns away what it holds, and lets go of it and of the world.
      monotonic: () => (this.#dead ? Number.POSITIVE_INFINITY : world.monotonic()),
      newId: world.newId,
      pause: (milliseconds) => this.#call(`pause ${milliseconds}`, async () => {}),
      limits: { batch: 1 + world.random.below(8), signalShare: 1, aheadFrom: 1 },
    });
    const { clock } = world;
    this.#deadlines = createDeadlineFiring({ store, clock, handle: this.#door, log: { warn: () => {} } });
  }

  /** Asks the door; rejects with {@link ProcessDied} when the process dies first. */
  ask(request: Request): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.#asking.add(reject);
      this.#door(request)
        .then(resolve, reject)
        .finally(() => this.#asking.delete(reject));
    });
  }

  /** Looks for deadlines that are due. */
  fire(): void {
    this.#deadlines.fire().catch(() => {});
  }

  /** Ends the process: what it asked of the database may still be carried out, and nobody hears of it. */
  kill(): void {
    this.#dead = true;
    for (const { name, run } of this.pending.splice(0)) {
      if (name === 'commit' && this.#world.random.chance(0.5)) this.#world.ghosts.push(run);
    }
    for (const reject of this.#asking) reject(new ProcessDied());
    this.#asking.clear();
  }

  /** Lets one pending call happen. */
  async step(): Promise<void> {
    const { random, faulty, ghosts } = this.#world;
    const index = random.below(this.pending.length);
    const [call] = this.pending.splice(index, 1);
    if (call === undefined) return;
    const fate = faulty && !call.name.startsWith('pause') ? random.next() : 1;
    if (fate < 0.03) return call.reject(connectionLost());
    if (fate < 0.05) return call.reject(Object.assign(new Error('deadlock'), { code: '40P01' }));
    if (fate < 0.06) return call.reject(Object.assign(new Error('no'), { code: '22000' }));
    if (fate < 0.09 && call.name === 'commit') {
      ghosts.push(call.run);
      return call.reject(connectionLost());
    }
    const value = await call.run();
    if (fate < 0.12) return call.reject(connectionLost());
    call.resolve(value);
  }

  #call<T>(name: string, run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ name, run, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #store(): WriteStore {
    const { memory } = this.#world;
    return {
      load: (request) => this.#call('load', () => memory.load(request)),
      commit: (batch) => this.#call('commit', () => memory.commit(batch)),
      claim: (request) => this.#call('claim', () => memory.claim(request)),
      entries: (...of) => this.#call('entries', () => memory.entries(...of)),
      entryAtVersion: (...of) => this.#call('entryAtVersion', () => memory.entryAtVersion(...of)),
      plannedUnderOlderPolicy: (...of) =>
        this.#call('plannedUnderOlderPolicy', () => memory.plannedUnderOlderPolicy(...of)),
    };
  }
}
