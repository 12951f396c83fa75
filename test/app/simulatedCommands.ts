import type { Request } from '../../src/app/answer.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import type { AdministrationCommand } from '../../src/domain/administration/commands.ts';
import type { IncidentCommand } from '../../src/domain/incident/commands.ts';
import type { Random } from '../support/random.ts';
import { ada, alertmanager, digestOf, firing, grace, organizationId } from './openDoor.ts';

/** A request, and a word that is in the body of every event it may write itself, and in no other's. */
export interface MarkedRequest {
  readonly request: Request;
  readonly marker: string | null;
}

const severities = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;

/** Any command a person, a connector or an administrator may send, on one of these incidents. */
export function anyRequest(random: Random, incidentIds: readonly string[], count: number): MarkedRequest {
  const marker = `<${count}>`;
  const dice = random.next();
  const key = random.chance(0.6) ? `key ${count}` : null;
  if (dice < 0.05 || incidentIds.length === 0) {
    const command = declaration(random, marker);
    return { request: requestOf(ada, { by: 'new' }, command, { key }), marker };
  }
  if (dice < 0.25) return { request: delivery(random), marker: null };
  if (dice < 0.28) return { request: administration(random, count, key), marker: null };
  const incidentId = random.pick(incidentIds);
  const { command, isMarked } = random.chance(0.05)
    ? { command: merging(random.pick(incidentIds)), isMarked: false }
    : commandOn(random, marker);
  const expectedVersion = random.chance(0.2) ? 1 + random.below(12) : null;
  const request = requestOf(random.pick([ada, grace]), { by: 'id', incidentId }, command, {
    key,
    expectedVersion,
  });
  return { request, marker: isMarked ? marker : null };
}

function merging(intoIncidentId: string): IncidentCommand {
  return { name: 'mergeIncidents', input: { intoIncidentId, reason: 'One outage' } };
}

function requestOf(
  actor: Actor,
  target: Extract<Request, { command: IncidentCommand }>['target'],
  command: IncidentCommand,
  { key, expectedVersion = null }: { key: string | null; expectedVersion?: number | null },
): Request {
  const digest = digestOf(command);
  const request = key === null ? null : { principal: actor.id ?? '', key, digest };
  return { organizationId, actor, target, command, expectedVersion, request };
}

function declaration(random: Random, marker: string): IncidentCommand {
  const service = random.chance(0.5) ? random.pick(['Checkout', 'checkout ', 'Search', 'Mail']) : null;
  return {
    name: 'declareIncident',
    input: { title: `Declared ${marker}`, severity: random.pick(severities), service },
  };
}

function delivery(random: Random): Request {
  const dedupKey = random.pick(['disk', 'memory', 'latency']);
  const fingerprints = ['a', 'b', 'c'].filter(() => random.chance(0.5));
  const isFiring = random.chance(0.6);
  const input = {
    dedupKey,
    declare: { title: `Alert ${dedupKey}`, severity: random.pick(severities), source: 'alertmanager' },
    firing: isFiring ? fingerprints.map((name) => firing(`${dedupKey} ${name}`)) : [],
    cleared: isFiring ? [] : fingerprints.map((name) => ({ fingerprint: `${dedupKey} ${name}`, at: null })),
    severity: random.chance(0.3) ? random.pick(severities) : null,
    resolve: random.chance(0.2),
  };
  return {
    organizationId,
    actor: alertmanager,
    target: { by: 'dedupKey', key: dedupKey },
    command: { name: 'receiveSignals', input },
  };
}

function administration(random: Random, count: number, key: string | null): Request {
  const command = policyCommand(random);
  const request =
    key === null ? null : { principal: 'ada', key: `policy ${count}`, digest: digestOf(command) };
  return { organizationId, actor: ada, target: { by: 'administration' }, command, request };
}

function policyCommand(random: Random): AdministrationCommand {
  const minutes = () => 5 + random.below(120);
  const dice = random.next();
  if (dice < 0.35) return { name: 'setWorkflowPolicy', input: { overdueAfterMinutes: minutes() } };
  if (dice < 0.7) {
    const input = {
      enabled: random.chance(0.8),
      afterMinutes: minutes(),
      severities: severities.filter(() => random.chance(0.7)),
    };
    return { name: 'setSessionGatePolicy', input };
  }
  const target = {
    severity: random.pick(severities),
    acknowledgeWithinMinutes: minutes(),
    resolveWithinMinutes: 120 + minutes(),
  };
  return { name: 'setSlaPolicy', input: { targets: [target] } };
}

/** Of the hours a run lasts. */
function snoozeUntil(random: Random): string {
  return new Date(Date.UTC(2026, 0, 1, 0, random.below(9 * 60))).toISOString();
}

function commandOn(random: Random, marker: string): { command: IncidentCommand; isMarked: boolean } {
  const marked: readonly IncidentCommand[] = [
    { name: 'addIncidentNote', input: { message: marker } },
    { name: 'attachSignal', input: { type: 'LOG', source: 'simulation', summary: marker } },
    { name: 'addIncidentAction', input: { kind: 'COMMAND', label: marker } },
    {
      name: 'recordRootCause',
      input: { summary: marker, category: 'UNKNOWN', remediationSteps: 'none' },
    },
    { name: 'resolveIncident', input: { summary: marker } },
    { name: 'reopenIncident', input: { reason: marker } },
    { name: 'escalateIncident', input: { target: 'DIRECTOR', note: marker } },
  ];
  const unmarked: readonly IncidentCommand[] = [
    { name: 'acknowledgeIncident', input: {} },
    { name: 'unacknowledgeIncident', input: {} },
    { name: 'snoozeIncident', input: { until: snoozeUntil(random) } },
    { name: 'addIncidentTag', input: { tag: random.pick(['db', 'net', 'disk']) } },
    { name: 'removeIncidentTag', input: { tag: random.pick(['db', 'net', 'disk']) } },
    { name: 'changeIncidentSeverity', input: { severity: random.pick(severities), reason: 'why not' } },
    { name: 'changeIncidentStatus', input: { status: random.pick(['INVESTIGATING', 'MITIGATED']) } },
    { name: 'updateIncident', input: { service: random.pick(['Checkout', 'Search', 'Billing']) } },
    { name: 'closeIncident', input: { lessonsLearned: 'some', noFollowUpsBecause: 'none' } },
    { name: 'editIncidentNotes', input: { notes: 'x'.repeat(random.below(20)) } },
  ];
  const isMarked = random.chance(0.6);
  return { command: random.pick(isMarked ? marked : unmarked), isMarked };
}
