import type { Answer } from '../../src/app/answer.ts';
import { deadlinesOf } from '../../src/domain/incident/deadlines.ts';
import type { IncidentEvent } from '../../src/domain/incident/events.ts';
import { evolve } from '../../src/domain/incident/evolve.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import type { LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { entryHash, firstPreviousHash } from '../../src/store/hash.ts';
import { listRowOf } from '../../src/store/listRow.ts';
import { type MemoryOrganization, recordOf } from '../support/memoryOrganization.ts';
import { organizationId } from './openDoor.ts';
import type { Asked, Simulated } from './simulation.ts';
import { checkGates } from './simulationGates.ts';

/** Everything that must hold after any run. @throws Error naming the first thing that does not. */
export function checkInvariants(run: Simulated): void {
  const org = run.world.memory.organization(organizationId);
  checkChain(org.ledgers.INCIDENTS);
  checkChain(org.ledgers.ADMINISTRATION);
  const states = checkStates(org);
  checkMerges(org.ledgers.INCIDENTS);
  checkDeadlines(org, states, run.world.clock.now());
  checkGates(org, states, run.world.clock.now());
  for (const asked of run.asked) checkAnswers(org, asked, states);
  for (const { news } of run.instances) {
    for (const { entry } of news) must(isStored(org, entry), 'news is in the ledger');
  }
}

/** @throws Error saying what does not hold. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It does not hold that ${what}.`);
}

const columns = [
  'organizationId',
  'ledger',
  'sequence',
  'number',
  'incidentId',
  'version',
  'type',
  'commandId',
  'at',
  'isPublic',
  'severity',
  'previousHash',
  'hash',
  'body',
] as const satisfies readonly (keyof LedgerEntry)[];

/** Whether the ledger has this very entry. */
function isStored(org: MemoryOrganization, entry: LedgerEntry): boolean {
  const stored = org.ledgers[entry.ledger][entry.sequence - 1];
  return columns.every((column) => stored?.[column] === entry[column]);
}

function sequencesOf(answer: Answer | undefined): string {
  return answer?.kind === 'done' ? answer.entries.map(({ sequence }) => sequence).join() : 'none';
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || canonical(a) === canonical(b);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function checkChain(entries: readonly LedgerEntry[]): void {
  let previousHash = firstPreviousHash;
  for (const [index, entry] of entries.entries()) {
    must(entry.sequence === index + 1, `sequence ${entry.sequence} is dense`);
    must(entry.previousHash === previousHash, `entry ${entry.sequence} follows the one before it`);
    must(entry.hash === entryHash(entry), `entry ${entry.sequence} has its own hash`);
    previousHash = entry.hash;
  }
}

/** Who was merged, and what took it in: both were written by one command, or neither was. */
function checkMerges(entries: readonly LedgerEntry[]): void {
  const events = entries.map(({ body }) => decodeBody(body));
  const merged = events.flatMap(({ commandId, ...event }) =>
    event.type === 'INCIDENT_MERGED' ? `${commandId} ${event.incident} ${event.payload.intoIncidentId}` : [],
  );
  const absorbed = events.flatMap(({ commandId, ...event }) =>
    event.type === 'INCIDENT_ABSORBED' ? `${commandId} ${event.payload.incidentId} ${event.incident}` : [],
  );
  must(isSame(merged, absorbed), 'whatever is merged is known where it went, and the other way round');
}

/** An incident's events with its state after each. */
export type History = readonly {
  readonly entry: LedgerEntry;
  readonly event: IncidentEvent;
  readonly after: IncidentState;
}[];

/** Folds every incident, and compares all that is stored of it with the fold. */
function checkStates(org: MemoryOrganization): ReadonlyMap<string, History> {
  const histories = new Map<string, { entry: LedgerEntry; event: IncidentEvent; after: IncidentState }[]>();
  for (const entry of org.ledgers.INCIDENTS) {
    const event = decodeBody(entry.body);
    const history = histories.get(event.incident) ?? [];
    histories.set(event.incident, history);
    const before = history.at(-1)?.after ?? null;
    must(event.version === (before?.version ?? 0) + 1, `${event.incident} has dense versions`);
    must(before === null || before.updatedAt <= event.at, `time does not run backwards in ${event.incident}`);
    history.push({ entry, event, after: evolve(before, event) });
  }
  const numbers = [...histories.values()].map((history) => history[0]?.entry.number);
  must(
    isSame(
      numbers,
      numbers.map((_, index) => index + 1),
    ),
    'numbers are dense, in the order of declaration',
  );
  must(histories.size === org.incidents.size, 'every incident has a row, and no other has');
  for (const [id, history] of histories) checkStored(org, id, history);
  return histories;
}

function checkStored(org: MemoryOrganization, id: string, history: History): void {
  const record = recordOf(org, id);
  const last = history.at(-1);
  if (record === null || last === undefined) throw new Error(`${id} has no row.`);
  must(isSame(record.state, last.after), `the state of ${id} is its events folded`);
  must(record.sequence === last.entry.sequence, `${id} knows its latest sequence`);
  for (const { after } of history) {
    if (after.version % 32 !== 0) continue;
    const snapshot = org.snapshots.get(`${id} ${after.version}`);
    must(
      snapshot !== undefined && isSame(JSON.parse(snapshot), after),
      `${id} has snapshot ${after.version}`,
    );
  }
  const { serviceId } = record.state;
  must(serviceId === null || [...org.names.values()].includes(serviceId), `the service of ${id} is there`);
  const policy = org.policies.get(record.policyVersion) as Policy;
  must(isSame(org.lists.get(id), listRowOf(record.state, policy)), `the list shows ${id} as it is`);
  const stored = [...org.deadlines.values()].filter(({ incidentId }) => incidentId === id);
  const planned = deadlinesOf(record.state, policy, org.incidents.get(id)?.gateBlockedAt);
  const nameOf = (deadline: { kind: string; key: string }) => `${deadline.kind} ${deadline.key}`;
  must(
    isSame(stored.map(nameOf).sort(), planned.map(nameOf).sort()),
    `the deadlines of ${id} are those of its state`,
  );
  for (const deadline of planned) {
    const row = stored.find((one) => nameOf(one) === nameOf(deadline));
    must(
      row !== undefined && row.dueAt <= deadline.dueAt,
      `${nameOf(deadline)} of ${id} is not looked at late`,
    );
  }
  const isHolding = !['RESOLVED', 'CLOSED', 'CANCELLED'].includes(record.state.status);
  for (const { key, incidentId, held } of org.keys.values()) {
    if (incidentId === id && held) must(isHolding, `${id} gave ${key} back`);
  }
}

/** Each instant is written once, not early; at the end nothing is due that was not written. */
function checkDeadlines(org: MemoryOrganization, histories: ReadonlyMap<string, History>, now: string): void {
  for (const [id, history] of histories) {
    const seen = new Set<string>();
    for (const [index, { event }] of history.entries()) {
      const waitsUntil = history[index - 1]?.after.snoozedUntil ?? null;
      const isWanting = event.type === 'INCIDENT_ESCALATED' && event.payload.reason === 'NO_ACK';
      must(!isWanting || waitsUntil === null || waitsUntil <= event.at, `${id} is not woken from its snooze`);
      // Another severity counts the risk of an unmet SLA anew.
      if (event.type === 'INCIDENT_SEVERITY_CHANGED') {
        for (const name of seen) if (name.includes('at risk')) seen.delete(name);
      }
      const fired = firedBy(event);
      if (fired === null) continue;
      must(fired.dueAt <= event.at, `${fired.name} of ${id} is not early`);
      must(!seen.has(fired.name), `${fired.name} of ${id} is written once`);
      seen.add(fired.name);
    }
  }
  for (const { kind, incidentId, dueAt } of org.deadlines.values()) {
    must(dueAt > now, `${kind} of ${incidentId}, due at ${dueAt}, was fired by ${now}`);
  }
}

function firedBy(event: IncidentEvent): { readonly name: string; readonly dueAt: string } | null {
  switch (event.type) {
    case 'INCIDENT_ESCALATED': {
      const { rule, base, dueAt } = event.payload;
      return dueAt === null ? null : { name: `rule ${rule} from ${base}`, dueAt };
    }
    case 'INCIDENT_SLA_AT_RISK': {
      const { kind, atRiskAt } = event.payload;
      return { name: `${kind} at risk at ${atRiskAt}`, dueAt: atRiskAt };
    }
    case 'INCIDENT_SLA_BREACHED': {
      const { kind, dueAt } = event.payload;
      return { name: `${kind} breached at ${dueAt}`, dueAt };
    }
    default:
      return null;
  }
}

function checkAnswers(org: MemoryOrganization, asked: Asked, histories: ReadonlyMap<string, History>): void {
  const { request, marker, answers } = asked;
  const done = answers.filter((answer) => answer.kind === 'done');
  const key = request.request?.key ?? 'no key';
  for (const answer of done) {
    for (const entry of answer.entries) {
      must(isStored(org, entry), `what was answered to ${key} is there`);
    }
    must(sequencesOf(answer) === sequencesOf(done[0]), `every answer to ${key} is the same`);
    const { incident } = answer;
    if (incident === null) continue;
    const then = histories.get(incident.state.id)?.[incident.state.version - 1];
    must(isSame(then?.after, incident.state), `the incident answered to ${key} is one that was`);
    must(then?.entry.sequence === incident.sequence, `the incident answered to ${key} has its sequence`);
  }
  for (const answer of answers) {
    if (answer.kind !== 'refused') continue;
    must(done.length === 0 || request.request === null, `${key} is not both done and refused`);
    const isConflict = answer.refusal.kind === 'ConflictError';
    must(!isConflict || request.expectedVersion != null, 'nothing conflicts that expects no version');
    if (!('status' in answer.refusal) || request.target.by !== 'id') continue;
    const { status } = answer.refusal;
    // A merge may be refused for the status of either.
    const into = request.command.name === 'mergeIncidents' ? request.command.input.intoIncidentId : '';
    const both = [request.target.incidentId, into].flatMap((id) => histories.get(id) ?? []);
    must(
      both.some(({ after }) => after.status === status),
      `the status refused for (${status}) was`,
    );
  }
  if (marker === null) return;
  const effects = org.ledgers.INCIDENTS.filter(({ body }) => body.includes(marker)).length;
  must(effects <= 1, `${marker} has one effect at most`);
  if (effects === 0) {
    must(
      done.every(({ entries }) => entries.length === 0),
      `${marker} was answered and is not missing`,
    );
  } else {
    const isExplained = done.length > 0 || asked.unknown;
    must(isExplained, `${marker}, which has an effect, was not answered as if it had none`);
  }
}
