import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';
import { noIds } from './mutationCase.ts';
import { organizationCases } from './organizationCases.ts';

let api: TestApi;
let here: TestOrganization;
beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
});
afterAll(() => api?.close());

/** Mutation of the policy → the part it sets. */
const parts = {
  setSlaPolicy: 'SLA',
  setEscalationRules: 'ESCALATION_RULES',
  setWorkflowPolicy: 'WORKFLOW',
  setAutoResolvePolicy: 'AUTO_RESOLVE',
  setSessionGatePolicy: 'SESSION_GATE',
  setRunPolicy: 'RUNS',
  setAccessLogPolicy: 'ACCESS_LOG',
  setDetectionRules: 'DETECTION_RULES',
  setMaintenanceWindows: 'MAINTENANCE_WINDOWS',
} as const;

interface Version {
  readonly version: number;
  readonly part: string | null;
  readonly changedAt: string;
  readonly changedBy: { readonly kind: string; readonly id: string | null };
  readonly policy: Record<string, unknown>;
}

async function history(arguments_ = '(first: 100)'): Promise<{
  nodes: Version[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}> {
  const { data } = await api.run<{ policyHistory: Awaited<ReturnType<typeof history>> }>(
    here.user('VIEWER'),
    `{ policyHistory${arguments_} {
       nodes { version part changedAt changedBy { kind name } policy { version overdueAfterMinutes } }
       pageInfo { hasNextPage endCursor } } }`,
  );
  return data.policyHistory;
}

describe('the history of the policy', () => {
  test('begins with the defaults that the organization was founded with', async () => {
    expect((await history()).nodes).toMatchObject([
      {
        version: 1,
        part: null,
        changedBy: { kind: 'SYSTEM' },
        policy: { version: 1, overdueAfterMinutes: 60 },
      },
    ]);
  });

  test('has every part that a mutation sets', () => {
    const setting = Object.keys(api.schema.getMutationType()?.getFields() ?? {}).filter((name) =>
      /^set\w+(Policy|Rules|Windows)$/.test(name),
    );
    expect(setting.sort()).toEqual(Object.keys(parts).sort());
    const parted = api.schema.getType('PolicyPart');
    const values = parted && 'getValues' in parted ? parted.getValues().map(({ name }) => name) : [];
    expect(values.sort()).toEqual([...Object.values(parts), 'ACTION_WEBHOOKS'].sort());
  });

  test.each(Object.entries(parts))(
    'gains a version by %s, and none by what it refuses',
    async (name, part) => {
      const [before] = (await history()).nodes;
      const { invalid, input } = organizationCases[name] as (typeof organizationCases)[string];
      if (invalid !== null) {
        const refused = await mutate(api, here.user('ORG_ADMIN'), name, invalid.input);
        expect(refused.__typename).toBe('ValidationError');
      }
      const stale = { ...input(noIds), expectedVersion: (before?.version ?? 0) + 7 };
      const conflict = await mutate(api, here.user('ORG_ADMIN'), name, stale);
      expect(conflict.__typename).toBe('ConflictError');
      expect((await history()).nodes[0]).toEqual(before);
      api.clock.advance(60_000);
      await mutate(api, here.user('ORG_ADMIN'), name, input(noIds));
      const [after, previous] = (await history()).nodes;
      expect(after).toMatchObject({
        version: (before?.version ?? 0) + 1,
        part,
        changedAt: api.clock.now(),
        changedBy: { kind: 'USER' },
        policy: { version: (before?.version ?? 0) + 1 },
      });
      expect(previous).toEqual(before);
    },
  );

  test('keeps each whole policy as it was', async () => {
    const { nodes } = await history();
    const overdue = nodes.map(({ part, policy }) => [part, policy.overdueAfterMinutes]);
    const set = Object.values(parts).reverse();
    const sinceWorkflow = set.slice(0, set.indexOf('WORKFLOW') + 1);
    expect(overdue).toEqual([
      ...set.map((part) => [part, sinceWorkflow.includes(part) ? 30 : 60]),
      [null, 60],
    ]);
  });

  test('comes by the page', async () => {
    const all = (await history()).nodes;
    const first = await history('(first: 4)');
    const second = await history(`(first: ${all.length - 4}, after: "${first.pageInfo.endCursor}")`);
    expect([...first.nodes, ...second.nodes]).toEqual(all);
    expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
  });
});
