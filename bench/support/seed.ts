import { v7 } from 'uuid';
import type { Answer } from '../../src/app/answer.ts';
import { createHandle } from '../../src/app/handle.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import type { AdministrationCommand } from '../../src/domain/administration/commands.ts';
import type { DeclareInput, IncidentCommand } from '../../src/domain/incident/commands.ts';
import { createLog } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import { openDatabaseClock } from '../../src/store/databaseClock.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';

/** Writes through Warroom's own door, past HTTP: what is seeded is as good as real. */
export interface Seeder {
  /** Declares `count` incidents; answers their ids, in order. */
  declare(
    organizationId: string,
    count: number,
    input?: (n: number) => Partial<DeclareInput>,
  ): Promise<string[]>;
  /** Adds `count` notes, spread over the incidents. */
  note(organizationId: string, incidentIds: readonly string[], count: number): Promise<void>;
  /** Carries out one command on an incident. */
  command(organizationId: string, incidentId: string, command: IncidentCommand): Promise<void>;
  administer(organizationId: string, command: AdministrationCommand): Promise<void>;
}

/** Commands under way at once: two full batches. */
const atOnce = 128;
const scopes = ['READ', 'RESPOND', 'ADMIN'] as const;

/** Opens the door, and closes it when the work is done; the database stays open. */
export async function withSeeder<T>(database: Database, work: (seeder: Seeder) => Promise<T>): Promise<T> {
  const log = createLog('error');
  const clock = await openDatabaseClock(database, log);
  const inbox = { committed: () => undefined, ring: () => undefined };
  const handle = createHandle({ store: createPostgresStore(database), clock, inbox, log });
  const actor: Actor = { kind: 'API_KEY', id: v7(), role: 'ORG_ADMIN' };
  const seeder: Seeder = {
    async declare(organizationId, count, input = () => ({})) {
      const ids: string[] = new Array(count);
      await spread(count, async (n) => {
        const answer = await handle({
          organizationId,
          actor,
          scopes,
          target: { by: 'new' },
          command: {
            name: 'declareIncident',
            input: { title: `Checkout answers 500, part ${n}`, severity: 'SEV4', ...input(n) },
          },
        });
        ids[n] = done(answer).incident?.state.id ?? '';
      });
      return ids;
    },
    note: (organizationId, incidentIds, count) =>
      spread(count, async (n) => {
        const incidentId = incidentIds[n % incidentIds.length] ?? '';
        const message = `Looked at the checkout again, finding ${n}: the pool of connections is still full.`;
        const command = { name: 'addIncidentNote', input: { message } } as const;
        done(await handle({ organizationId, actor, scopes, target: { by: 'id', incidentId }, command }));
      }),
    async command(organizationId, incidentId, command) {
      done(await handle({ organizationId, actor, scopes, target: { by: 'id', incidentId }, command }));
    },
    async administer(organizationId, command) {
      done(await handle({ organizationId, actor, scopes, target: { by: 'administration' }, command }));
    },
  };
  try {
    return await work(seeder);
  } finally {
    await handle.drain();
    clock.close();
  }
}

function done(answer: Answer): Extract<Answer, { kind: 'done' }> {
  if (answer.kind === 'done') return answer;
  throw new Error(`Seeding was refused: ${JSON.stringify(answer.refusal)}`);
}

/** `count` calls, `atOnce` of them at a time. */
async function spread(count: number, call: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      await call(n);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
}
