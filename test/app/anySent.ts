import type { Request } from '../../src/app/answer.ts';
import { dedupKeyOfErrors } from '../../src/domain/detection/errorReport.ts';
import type { IncidentCommand } from '../../src/domain/incident/commands.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { anyRule } from '../support/anyRule.ts';
import { reported } from '../support/given.ts';
import type { Random } from '../support/random.ts';
import { ada, alertmanager, firing, organizationId } from './openDoor.ts';

/** What is sent: `incident` is the number of the incident that a person means. */
export interface Sent {
  readonly incident: number | null;
  readonly into: number | null;
  readonly command: IncidentCommand;
}

const keys = ['a', 'b', 'c', 'd', 'e'] as const;

/** What only joins, what is dropped; the rest declares. */
export const policyOfSent: Policy = {
  ...defaultPolicy,
  detectionRules: [
    anyRule({ name: 'Logs only join', outcome: 'ATTACH_ONLY', sources: ['logs'] }),
    anyRule({ name: 'No noise', outcome: 'DROP', sources: ['noise'] }),
  ],
};

/** Mostly deliveries, by few keys; and errors, and what people do to `incidents` incidents. */
export function anySent(random: Random, count: number, incidents: number): Sent {
  if (incidents > 0 && random.chance(0.15)) {
    const [incident, into] = [1 + random.below(incidents), 1 + random.below(incidents)];
    return { incident, into, command: onIncident(random, count) };
  }
  const command = random.chance(0.12) ? errors(random, count) : delivery(random, count);
  return { incident: null, into: null, command };
}

function onIncident(random: Random, count: number): IncidentCommand {
  const commands: readonly IncidentCommand[] = [
    { name: 'mergeIncidents', input: { intoIncidentId: '', reason: 'One outage' } },
    { name: 'resolveIncident', input: { summary: `Over ${count}` } },
    { name: 'reopenIncident', input: { reason: 'Again' } },
    { name: 'acknowledgeIncident', input: {} },
    { name: 'updateIncident', input: { service: random.pick(['Checkout', 'Search', 'Mail']) } },
  ];
  return random.pick(commands);
}

const joining = (random: Random) => ({
  correlationKey: random.pick([null, null, 'k1', 'k2']),
  service: random.pick([null, null, 'Checkout', 'Search']),
});

function delivery(random: Random, count: number): IncidentCommand {
  const dedupKey = random.pick(keys);
  const source = random.pick(['alertmanager', 'alertmanager', 'alertmanager', 'logs', 'noise']);
  const names = ['1', '2', 'new']
    .filter(() => random.chance(0.4))
    .map((name) => `${source} ${dedupKey} ${name}`);
  const fingerprints = names.map((name) => (name.endsWith('new') ? `${name} ${count}` : name));
  const isFiring = random.chance(0.65);
  return {
    name: 'receiveSignals',
    input: {
      dedupKey,
      declare: {
        title: `Alert ${dedupKey}`,
        severity: random.pick(['SEV2', 'SEV3']),
        source,
        ...one(random),
      },
      firing: isFiring ? fingerprints.map((name) => ({ ...firing(name), source, ...joining(random) })) : [],
      cleared: isFiring ? [] : fingerprints.map((fingerprint) => ({ fingerprint, at: null })),
      severity: null,
      resolve: !isFiring && random.chance(0.5),
    },
  };
}

const one = (random: Random) => (random.chance(0.2) ? { service: random.pick(['Checkout', 'Search']) } : {});

function errors(random: Random, count: number): IncidentCommand {
  const traceId = random.pick([null, 't1', 't2']);
  const { correlationKey } = joining(random);
  const all = [reported(`error ${count}`, { traceId, correlationKey, component: null })];
  return { name: 'reportErrors', input: { fingerprint: random.pick(['x', 'y']), errors: all } };
}

/** The request, with the ids of incidents by number. */
export function requestOfSent(
  { incident, into, command }: Sent,
  ids: ReadonlyMap<number | null, string>,
): Request {
  if (command.name === 'receiveSignals' || command.name === 'reportErrors') {
    const key =
      command.name === 'receiveSignals'
        ? command.input.dedupKey
        : dedupKeyOfErrors(command.input.fingerprint);
    return { organizationId, actor: alertmanager, target: { by: 'dedupKey', key }, command };
  }
  const target = { by: 'id', incidentId: ids.get(incident) ?? '' } as const;
  if (command.name !== 'mergeIncidents') return { organizationId, actor: ada, target, command };
  const input = { ...command.input, intoIncidentId: ids.get(into) ?? '' };
  return { organizationId, actor: ada, target, command: { name: 'mergeIncidents', input } };
}
