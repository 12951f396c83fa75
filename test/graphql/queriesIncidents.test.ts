import { afterAll, beforeAll, expect, test } from 'vitest';
import { declareMany, declareUploads, openReadWorld, type ReadWorld } from './readWorld.ts';

let world: ReadWorld;
const read: ReadWorld['read'] = (document, variables) => world.read(document, variables);
const refused: ReadWorld['refused'] = (...asked) => world.refused(...asked);
beforeAll(async () => {
  world = await openReadWorld();
  await declareUploads(world);
  await declareMany(world);
});
afterAll(() => world?.api.close());

async function referencesOf(given: string): Promise<string[]> {
  const data = await read<{ incidents: { nodes: { reference: string }[] } }>(
    `{ incidents${given} { nodes { reference } } }`,
  );
  return data.incidents.nodes.map(({ reference }) => reference).sort();
}

const all = ['INC-001', 'INC-002', 'INC-003', 'INC-004', 'INC-005', 'INC-006', 'INC-007'];

test.each([
  ['(filter: {})', all],
  ['(filter: { status: [CANCELLED, RESOLVED] })', ['INC-003', 'INC-005']],
  ['(filter: { severity: [SEV4] })', ['INC-006']],
  ['(filter: { isOpen: false })', ['INC-003', 'INC-005']],
  ['(filter: { acknowledged: true })', ['INC-001', 'INC-005']],
  ['(filter: { hasNotes: true })', ['INC-001', 'INC-004']],
  ['(filter: { hasRootCause: true })', ['INC-005']],
  ['(filter: { slaBreached: true, isOpen: true })', ['INC-004', 'INC-006', 'INC-007']],
  ['(filter: { source: ["manual"], type: ["disk"], environment: ["production"] })', ['INC-003', 'INC-004']],
  ['(filter: { tags: ["all", "even"] })', ['INC-003', 'INC-005', 'INC-007']],
  ['(filter: { correlationKey: "deploy-7" })', ['INC-001', 'INC-002']],
  ['(filter: { search: "disk full" })', ['INC-004']],
  ['(filter: { search: "deploy noon" })', ['INC-001']],
  ['(filter: { search: "inc-5" })', ['INC-005']],
  ['(filter: { search: "... !" })', []],
  ['(filter: { mode: DRILL })', ['INC-007']],
  [
    '(filter: { detectedAt: { from: "2026-02-01T00:00:02Z", until: "2026-02-01T00:00:04Z" } })',
    ['INC-005', 'INC-006'],
  ],
  ['(filter: { resolvedAt: { from: "2026-01-01T00:00:00Z" } })', ['INC-005']],
  ['(filter: { endedAt: { from: "2036-01-01T00:00:00Z" } })', []],
  ['(filter: { reportedAt: { until: "2026-03-01T12:00:01Z" } })', ['INC-001']],
  ['(filter: { status: [] })', []],
])('filters %s', async (arguments_, expected) => {
  expect(await referencesOf(arguments_)).toEqual(expected);
});

test('filters by who has it and what it belongs to', async () => {
  const { incident } = await read<{ incident: Record<string, { id: string }> }>(
    '{ incident(reference: "INC-001") { service { id } project { id } ownerTeam { id } commander { id } } }',
  );
  const by = (field: string, value: unknown) =>
    referencesOf(`(filter: { ${field}: ${JSON.stringify(value)} })`);
  expect(await by('serviceId', [incident.service?.id])).toEqual(['INC-001']);
  expect(await by('projectId', [incident.project?.id])).toEqual(['INC-001']);
  expect(await by('ownerTeamId', [incident.ownerTeam?.id])).toEqual(['INC-001']);
  expect(await by('assigneeId', incident.commander?.id)).toEqual(['INC-006']);
  expect(await refused('{ incidents(filter: { serviceId: ["nonsense"] }) { nodes { id } } }')).toEqual([
    'BAD_USER_INPUT',
  ]);
});

test('counts overdue by the clock it is given', async () => {
  expect(await referencesOf('(filter: { overdue: true })')).toEqual([]);
  world.minutes(61);
  // Of those open and unacknowledged; reading does not wait for anything to be written.
  expect(await referencesOf('(filter: { overdue: true })')).toEqual([
    'INC-002',
    'INC-004',
    'INC-006',
    'INC-007',
  ]);
  expect(await referencesOf('(filter: { overdue: false })')).toEqual(['INC-001', 'INC-003', 'INC-005']);
});

test.each(['REPORTED_AT', 'DETECTED_AT', 'SEVERITY', 'NUMBER', 'RESOLVED_AT'])(
  'walks every page by %s in both directions, each incident once',
  async (field) => {
    for (const direction of ['ASC', 'DESC']) {
      const whole = await walk(field, direction, 100, 'first');
      expect([...whole].sort()).toEqual(all);
      expect(await walk(field, direction, 2, 'first')).toEqual(whole);
      expect(await walk(field, direction, 2, 'last')).toEqual(whole);
      const opposite = await walk(field, direction === 'ASC' ? 'DESC' : 'ASC', 3, 'first');
      expect(opposite.reverse()).toEqual(whole);
    }
  },
);

async function walk(field: string, direction: string, size: number, way: 'first' | 'last') {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const from: string = cursor === null ? '' : `, ${way === 'first' ? 'after' : 'before'}: "${cursor}"`;
    const { incidents } = await read<{
      incidents: {
        edges: { node: { reference: string } }[];
        pageInfo: {
          hasNextPage: boolean;
          hasPreviousPage: boolean;
          startCursor: string;
          endCursor: string;
        };
      };
    }>(`{ incidents(orderBy: { field: ${field}, direction: ${direction} }, ${way}: ${size}${from}) {
      edges { node { reference } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`);
    const page = incidents.edges.map(({ node }) => node.reference);
    if (way === 'first') seen.push(...page);
    else seen.unshift(...page);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = incidents.pageInfo;
    if (!(way === 'first' ? hasNextPage : hasPreviousPage)) return seen;
    cursor = way === 'first' ? endCursor : startCursor;
  }
}

test('counts when asked', async () => {
  expect(await read('{ incidents(first: 1) { totalCount totalCountIsExact } }')).toEqual({
    incidents: { totalCount: 7, totalCountIsExact: true },
  });
});

test.each([
  '(first: 101)',
  '(first: -1)',
  '(first: 1, last: 1)',
  '(after: "nonsense")',
  `(after: "${Buffer.from('["NUMBER",1,1]').toString('base64url')}")`,
  `(after: "${Buffer.from('["REPORTED_AT","2026-99-99T99:99:99.999Z",1]').toString('base64url')}")`,
  `(filter: { search: "${'x'.repeat(201)}" })`,
  `(filter: { source: [${Array.from({ length: 101 }, () => '"x"').join()}] })`,
])('refuses %s', async (arguments_) => {
  expect(await refused(`{ incidents${arguments_} { nodes { id } } }`)).toEqual(['BAD_USER_INPUT']);
});
