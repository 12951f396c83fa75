import { expect } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { declare, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

/** An API with two organizations, and short ways to read as the administrator of the first. */
export interface ReadWorld {
  readonly api: TestApi;
  readonly here: TestOrganization;
  readonly foreign: TestOrganization;
  readonly admin: Principal;
  /** Moves the clock on. */
  minutes(count: number): void;
  /** Reads, and fails on any top-level error. */
  read<T = Record<string, unknown>>(document: string, variables?: Record<string, unknown>): Promise<T>;
  /** The codes a read is refused with. */
  refused(document: string, variables?: Record<string, unknown>, principal?: Principal): Promise<unknown[]>;
}

/** Opens it on a database of its own; close `api`. */
export async function openReadWorld(): Promise<ReadWorld> {
  const api = await openTestApi();
  const here = await api.found('here');
  const foreign = await api.found('foreign');
  const admin = here.user('ORG_ADMIN');
  return {
    api,
    here,
    foreign,
    admin,
    minutes: (count) => api.clock.advance(count * 60_000),
    async read<T>(document: string, variables = {}) {
      const { data, errors } = await api.run<T>(admin, document, variables);
      expect(errors).toEqual([]);
      return data;
    },
    async refused(document, variables = {}, principal = admin) {
      const { errors } = await api.run(principal, document, variables);
      return errors.map(({ code }) => code);
    },
  };
}

/** INC-001: an incident with something of everything, seven events; declared at 12:00, the rest at 12:05. */
export async function declareUploads({ api, admin, here, minutes }: ReadWorld): Promise<string> {
  const { id } = await declare(api, admin, {
    title: 'Uploads time out',
    description: 'Since the deploy of noon.',
    severity: 'SEV2',
    service: 'Uploads',
    project: 'Shop',
    ownerTeam: 'Storage',
    correlationKeys: ['deploy-7'],
    externalRefs: [{ system: 'pagerduty', id: 'P1', url: 'https://pd.example/P1' }],
  });
  minutes(5);
  const steps: [string, Record<string, unknown>][] = [
    ['acknowledgeIncident', { note: 'On it' }],
    ['assignIncidentRole', { role: 'COMMANDER', userId: toGlobalId('User', here.userId) }],
    ['setAffectedServices', { services: [{ name: 'uploads', impact: 'DEGRADED' }] }],
    [
      'attachSignal',
      {
        type: 'ALERT',
        source: 'prometheus',
        summary: 'p99 is 12 s',
        correlationKey: 'deploy-7',
        data: { p99: 12 },
      },
    ],
    ['addIncidentAction', { kind: 'COMMAND', label: 'Restarted it' }],
    ['editIncidentNotes', { notes: 'Looking at the proxy.' }],
  ];
  for (const [name, input] of steps) await done(api, admin, name, { incidentId: id, ...input });
  return id;
}

/** INC-002, open and unacknowledged, and INC-003 to INC-007, each in another state; the last is a drill. */
export async function declareMany({ api, admin, here, minutes }: ReadWorld): Promise<void> {
  await declare(api, admin, { title: 'Also uploads', correlationKeys: ['deploy-7'] });
  minutes(1);
  const then: Readonly<Record<number, readonly [string, Record<string, unknown>][]>> = {
    0: [['cancelIncident', { reason: 'None' }]],
    1: [['editIncidentNotes', { notes: 'df -h' }]],
    2: [
      ['acknowledgeIncident', {}],
      ['recordRootCause', { summary: 'Forgotten', category: 'USER_ERROR', remediationSteps: 'Renew' }],
      ['resolveIncident', { summary: 'Renewed' }],
    ],
    3: [['assignIncident', { userId: toGlobalId('User', here.userId) }]],
  };
  const titles = [
    'Database is slow',
    'Disk is full',
    'Certificate expired',
    'Queue is stuck',
    'Drill of fire',
  ];
  for (const [index, title] of titles.entries()) {
    minutes(1);
    const { id } = await declare(api, admin, {
      title,
      severity: `SEV${(index % 4) + 1}`,
      tags: index % 2 === 0 ? ['even', 'all'] : ['all'],
      environment: index < 2 ? 'production' : 'staging',
      type: 'disk',
      mode: index === 4 ? 'DRILL' : 'STANDARD',
      detectedAt: `2026-02-01T00:00:0${5 - index}Z`,
    });
    for (const [name, input] of then[index] ?? []) await done(api, admin, name, { incidentId: id, ...input });
  }
}

/** Sends a mutation that must be accepted. */
export async function done(api: TestApi, principal: Principal, name: string, input: Record<string, unknown>) {
  const answer = await mutate(api, principal, name, input);
  if (answer.code !== undefined) throw new Error(`${name}: ${answer.code} ${answer.message}`);
  return answer;
}
