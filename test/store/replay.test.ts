import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Request } from '../../src/app/answer.ts';
import { createHandle } from '../../src/app/handle.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import { systemActor } from '../../src/domain/access/actor.ts';
import type { AdministrationCommand } from '../../src/domain/administration/commands.ts';
import type { IncidentCommand } from '../../src/domain/incident/commands.ts';
import type { IncidentEvent } from '../../src/domain/incident/events.ts';
import { severities } from '../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { createLog } from '../../src/log.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import type { Row } from '../../src/store/database.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { anyCatalogueStep, catalogueRequest } from '../support/anyCatalogue.ts';
import { anyCommand } from '../support/anyCommand.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { declared, founded, start } from './founded.ts';

const administrator: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };
const integration: Actor = { kind: 'INTEGRATION', id: 'alertmanager', role: 'MEMBER' };

describe('replay', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  it('makes every projection again, exactly, whatever was commanded', async () => {
    let organizations = 0;
    let now = start;
    const handle = createHandle({
      store: createPostgresStore(database),
      clock: { now: () => now },
      inbox: { committed: () => {}, ring: () => {} },
      log: createLog('silent'),
    });
    const step = fc.record({
      command: anyCommand,
      incident: fc.nat({ max: 5 }),
      minutes: fc.constantFrom(0, 0, 1, 30, 300),
      withNext: fc.boolean(),
      overdueAfterMinutes: fc.option(fc.integer({ min: 1, max: 300 }), { freq: 10 }),
      catalogue: fc.option(anyCatalogueStep, { freq: 3 }),
      sessionGate: fc.option(
        fc.record({
          enabled: fc.boolean(),
          afterMinutes: fc.integer({ min: 1, max: 200 }),
          severities: fc.subarray([...severities], { minLength: 1 }),
        }),
        { freq: 6 },
      ),
    });
    const seen = new Map<string, number>();
    let incidents: { readonly id: string }[] = [];
    let signals: { readonly incidentId: string; readonly signalId: string }[] = [];
    const note = (name: string, answer: Answer): void => {
      for (const { body } of answer.kind === 'done' ? answer.entries : []) {
        const { type, incident, payload } = JSON.parse(body) as IncidentEvent;
        if (type === 'INCIDENT_SIGNAL_INGESTED') signals.push({ incidentId: incident, ...payload });
        if (type === 'INCIDENT_SIGNAL_SPLIT') incidents.push({ id: payload.newIncidentId });
      }
      const kind = answer.kind === 'done' && answer.entries.length > 0 ? name : answer.kind;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
        organizations += 1;
        now = start;
        const organizationId = await founded(database, `replay-${organizations}`);
        incidents = [];
        signals = [];
        for (let index = 0; index < 3; index += 1) incidents.push(await declared(database, organizationId));
        // By chance alone it would not be every time that two may be merged, and a signal split off.
        const [part, whole] = [
          await declared(database, organizationId),
          await declared(database, organizationId),
        ];
        const first = async (incidentId: string, command: IncidentCommand): Promise<void> => {
          const target = { by: 'id', incidentId } as const;
          note(command.name, await handle({ organizationId, actor: administrator, target, command }));
        };
        const reason = 'The same';
        await first(part.id, { name: 'mergeIncidents', input: { intoIncidentId: whole.id, reason } });
        const input = { type: 'ALERT', source: 'probe', summary: 'Slow' } as const;
        for (const fingerprint of ['one', 'two']) {
          await first(whole.id, { name: 'attachSignal', input: { ...input, fingerprint } });
        }
        const { signalId = '' } = signals.at(-1) ?? {};
        await first(whole.id, { name: 'splitSignal', input: { signalId, reason } });
        incidents.push(part, whole);
        let waiting: Promise<unknown>[] = [];
        for (const { command: any, incident, minutes, withNext, catalogue, ...policies } of steps) {
          const { overdueAfterMinutes, sessionGate } = policies;
          const done =
            catalogue && (await catalogueRequest(database, organizationId, administrator, catalogue, v7));
          if (done) waiting.push(handle(done).then((answer) => note(done.command.name, answer)));
          if (overdueAfterMinutes !== null) {
            const input = { overdueAfterMinutes };
            waiting.push(handle(policy(organizationId, { name: 'setWorkflowPolicy', input })));
          }
          if (sessionGate !== null) {
            const command = { name: 'setSessionGatePolicy', input: sessionGate } as const;
            waiting.push(handle(policy(organizationId, command)));
          }
          const signal = signals[incident % Math.max(1, signals.length)];
          const id = incidents[incident % incidents.length]?.id ?? '';
          const command = aimed(any, { into: incidents[(incident + 1) % incidents.length]?.id, ...signal });
          const { name } = command;
          const request = {
            organizationId,
            actor: name === 'receiveSignals' ? integration : isTimer(name) ? systemActor : administrator,
            target:
              name === 'declareIncident'
                ? { by: 'new' }
                : name === 'receiveSignals'
                  ? { by: 'dedupKey', key: 'group' }
                  : { by: 'id', incidentId: name === 'splitSignal' ? (signal?.incidentId ?? id) : id },
            command,
          } as Request;
          waiting.push(
            handle(request).then(
              (answer) => note(name, answer),
              (error: unknown) => {
                // A connector's own parser refuses such instants; here they are the poison that must fail alone.
                if (name !== 'receiveSignals') throw error;
              },
            ),
          );
          // Some commands share a batch, some do not.
          if (withNext) continue;
          await Promise.all(waiting);
          waiting = [];
          now = plusMinutes(now, minutes);
        }
        await Promise.all(waiting);
        expect(await compareProjections(database, organizationId)).toEqual([]);
        for (const { type } of await createPostgresStore(database).entries(
          organizationId,
          'ADMINISTRATION',
          1,
          1_000,
        )) {
          seen.set(type, (seen.get(type) ?? 0) + 1);
        }
      }),
      // A counterexample is many pages long; shrinking it takes longer than reading the first one.
      { endOnFailure: true, numRuns: database.mode === 'server' ? 20 : 8 },
    );
    // Otherwise it would prove little.
    expect(seen.size).toBeGreaterThan(15);
    expect(
      [...seen.keys()].filter((name) => /^(create|update|merge)(Service|Team|Project)/.test(name)).length,
    ).toBeGreaterThan(5);
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        'SESSION_GATE_BLOCKED',
        'SESSION_GATE_RELEASED',
        'mergeIncidents',
        'splitSignal',
      ]),
    );
  }, 120_000);

  it('finds a deadline that is looked at late, and none that is looked at early', async () => {
    const organizationId = await founded(database, 'late');
    const { id } = await declared(database, organizationId);
    const moved = (hours: number): Pick<TestDatabase, 'asOrganization'> => ({
      async asOrganization(organization, sql, parameters) {
        const rows = await database.asOrganization<Row>(organization, sql, parameters);
        if (!sql.includes('warroom.deadline')) return rows as never;
        const due_at = (row: Row) => plusMinutes(String(row.due_at), 60 * hours);
        return rows.map((row) =>
          row.kind === 'RESOLVE_SLA' ? { ...row, due_at: due_at(row) } : row,
        ) as never;
      },
    });
    expect(await compareProjections({ ...database, ...moved(-1) }, organizationId)).toEqual([]);
    expect(await compareProjections({ ...database, ...moved(1) }, organizationId)).toMatchObject([
      { table: 'deadline', key: `${id} RESOLVE_SLA ` },
    ]);
  });

  it('finds a row that the ledger does not make, one that is missing, and one that differs', async () => {
    const organizationId = await founded(database, 'differs');
    const { id } = await declared(database, organizationId, { tags: ['a'] });
    const lying: Pick<TestDatabase, 'asOrganization'> = {
      async asOrganization(organization, sql, parameters) {
        const rows = await database.asOrganization(organization, sql, parameters);
        if (sql.includes('incident_tag')) return [{ incident_id: id, tag: 'b' }] as never;
        if (sql.includes('warroom.incident_list')) {
          return rows.map((row) => ({ ...row, severity: 'SEV4' })) as never;
        }
        return rows as never;
      },
    };
    expect(await compareProjections({ ...database, ...lying }, organizationId)).toEqual([
      {
        table: 'incident_list',
        key: id,
        problem: 'severity is "SEV4"; the ledger makes it "SEV2"',
      },
      { table: 'incident_tag', key: `${id} a`, problem: 'the ledger makes this row, and it is missing' },
      { table: 'incident_tag', key: `${id} b`, problem: 'no event makes this row' },
    ]);
  });
});

/** At incidents and signals that there are. */
function aimed(
  command: { readonly name: string; readonly input: object },
  { into, signalId }: { readonly into?: string | undefined; readonly signalId?: string },
): { readonly name: string; readonly input: object } {
  if (command.name === 'mergeIncidents') {
    return { ...command, input: { ...command.input, intoIncidentId: into } };
  }
  return command.name === 'splitSignal' && signalId !== undefined
    ? { ...command, input: { ...command.input, signalId } }
    : command;
}

function policy(organizationId: string, command: AdministrationCommand): Request {
  return { organizationId, actor: administrator, target: { by: 'administration' }, command };
}

function isTimer(name: string): boolean {
  return name === 'fireDeadlines' || name === 'replanIncident';
}
