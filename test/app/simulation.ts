import type { Answer } from '../../src/app/answer.ts';
import { OverloadedError } from '../../src/app/answer.ts';
import { severities } from '../../src/domain/incident/vocabulary.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { MemoryStore } from '../support/memoryStore.ts';
import { type Random, seeded } from '../support/random.ts';
import { organizationId } from './openDoor.ts';
import { anyRequest, type MarkedRequest } from './simulatedCommands.ts';
import { SimulatedInstance, type SimulatedWorld } from './simulatedInstance.ts';

/** One request of a client, and everything it was told about it. */
export interface Asked extends MarkedRequest {
  /** Every answer it got; more than one when it sent the same again. */
  readonly answers: Answer[];
  /** Whether some try ended without it being known what became of it. */
  unknown: boolean;
  tries: number;
}

/** A run at its end. */
export interface Simulated {
  readonly world: SimulatedWorld;
  readonly asked: readonly Asked[];
  readonly instances: readonly SimulatedInstance[];
}

const steps = 220;
const clientsAtOnce = 12;

/** Runs one seed: two processes, many clients, a database and a network that fail, and a clock that jumps. */
export async function simulate(seed: number): Promise<Simulated> {
  const simulation = new Simulation(seed);
  for (let step = 0; step < steps; step++) await simulation.step();
  await simulation.quiesce();
  return simulation;
}

/** Lets every promise that can go on go on. */
const flush = () => new Promise<void>((resolve) => setImmediate(resolve));

class Simulation implements Simulated {
  readonly world: SimulatedWorld;
  readonly asked: Asked[] = [];
  readonly instances: SimulatedInstance[] = [];
  readonly #alive: SimulatedInstance[] = [];
  readonly #random: Random;
  readonly #incidentIds: string[] = [];
  readonly #retries: Asked[] = [];
  #underWay = 0;
  #monotonic = 0;
  #ids = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.world = {
      memory: new MemoryStore(),
      clock: fakeClock(),
      random: this.#random,
      monotonic: () => this.#monotonic,
      newId: () => `0190a000-0000-7000-9000-${String(++this.#ids).padStart(12, '0')}`,
      ghosts: [],
      faulty: true,
    };
    // On in every other seed from the start, so that there is much to block and release.
    const sessionGate = { enabled: seed % 2 === 0, afterMinutes: 45, severities };
    this.world.memory.organization(organizationId).policies.set(1, { ...defaultPolicy, sessionGate });
    for (let n = 0; n < 2; n++) this.#startInstance();
  }

  #startInstance(): void {
    const instance = new SimulatedInstance(this.world);
    this.instances.push(instance);
    this.#alive.push(instance);
  }

  async step(): Promise<void> {
    const random = this.#random;
    const { clock } = this.world;
    this.#monotonic += random.below(50);
    clock.advance(random.below(2_000));
    const dice = random.next();
    if (dice < 0.2) this.#ask();
    else if (dice < 0.27) random.pick(this.#alive).fire();
    else if (dice < 0.3) clock.advance(random.below(90) * 60_000);
    else if (dice < 0.31) clock.advance(-random.below(20) * 60_000);
    else if (dice < 0.32) this.#killOne();
    else if (dice < 0.36) await this.#runGhost();
    else await random.pick(this.#alive).step();
    await flush();
  }

  #ask(): void {
    const random = this.#random;
    if (this.#underWay >= clientsAtOnce) return;
    const again = random.chance(0.5) ? this.#retries.shift() : undefined;
    const asked =
      again ?? this.#noted({ ...anyRequest(random, this.#incidentIds, this.asked.length), answers: [] });
    asked.tries += 1;
    this.#underWay += 1;
    random
      .pick(this.#alive)
      .ask(asked.request)
      .then((answer) => this.#answered(asked, answer))
      .catch((error: unknown) => this.#failed(asked, error))
      .finally(() => {
        this.#underWay -= 1;
      });
  }

  #noted(request: MarkedRequest & Pick<Asked, 'answers'>): Asked {
    const asked: Asked = { ...request, unknown: false, tries: 0 };
    this.asked.push(asked);
    return asked;
  }

  #answered(asked: Asked, answer: Answer): void {
    asked.answers.push(answer);
    if (answer.kind !== 'done') return;
    const id = answer.incident?.state.id;
    if (id !== undefined && !this.#incidentIds.includes(id)) this.#incidentIds.push(id);
    // Now and then a client sends again what was answered.
    if (asked.request.request && this.#random.chance(0.2)) this.#retries.push(asked);
  }

  #failed(asked: Asked, error: unknown): void {
    const isRefusedByDatabase = (error as { code?: string }).code === '22000';
    if (!(error instanceof OverloadedError) && !isRefusedByDatabase) asked.unknown = true;
    if (asked.request.request && asked.tries < 4) this.#retries.push(asked);
  }

  #killOne(): void {
    const index = this.#random.below(this.#alive.length);
    const [instance] = this.#alive.splice(index, 1);
    instance?.kill();
    this.#startInstance();
  }

  async #runGhost(): Promise<void> {
    const { ghosts } = this.world;
    await ghosts.splice(this.#random.below(Math.max(1, ghosts.length)), 1)[0]?.();
  }

  /** Nothing fails any more: everything under way ends, and every deadline comes due and fires. */
  async quiesce(): Promise<void> {
    this.world.faulty = false;
    while (this.world.ghosts.length > 0) await this.#runGhost();
    await this.#finish();
    const { deadlines } = this.world.memory.organizations.values().next().value ?? { deadlines: new Map() };
    for (let round = 0; round < 30 && deadlines.size > 0; round++) {
      this.world.clock.advance(9 * 3_600_000);
      for (const instance of this.#alive) instance.fire();
      await flush();
      await this.#finish();
    }
  }

  async #finish(): Promise<void> {
    for (let guard = 0; guard < 100_000; guard++) {
      const busy = this.#alive.filter(({ pending }) => pending.length > 0);
      if (busy.length === 0) break;
      await this.#random.pick(busy).step();
      await flush();
    }
    if (this.#underWay > 0) throw new Error(`${this.#underWay} requests were never answered.`);
  }
}
