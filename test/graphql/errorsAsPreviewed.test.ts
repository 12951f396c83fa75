import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { ErrorWorld, type Preview } from './errorWorld.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api?.close());

const severities = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
const standings = ['none', 'open', 'reopenable', 'lapsed', 'beside another'] as const;
type Standing = (typeof standings)[number];
interface Case {
  readonly severity: (typeof severities)[number];
  readonly standing: Standing;
}
const cases = severities.flatMap((severity) => standings.map((standing): Case => ({ severity, standing })));

const rules: Readonly<Record<string, (userId: string) => object[]>> = {
  'no rule': () => [],
  'a rule of something else': () => [{ name: 'other', sources: ['nobody'], outcome: 'DROP' }],
  'a rule that declares': () => [{ name: 'rule', outcome: 'DECLARE' }],
  'a rule that declares in its own way': (userId) => [
    {
      name: 'rule',
      outcome: 'DECLARE',
      severity: 'SEV1',
      title: 'Ruled: {summary}',
      tags: ['ruled'],
      roles: [{ role: 'COMMANDER', userId }],
    },
  ],
  'a rule that only joins': () => [{ name: 'rule', outcome: 'ATTACH_ONLY' }],
  'a rule that drops': () => [{ name: 'rule', outcome: 'DROP' }],
};
const windows = ['no maintenance', 'maintenance of all', 'maintenance of the component'] as const;

const componentOf = ({ severity, standing }: Case) => `${severity} ${standing}`;
const errorOf = (one: Case, more: object = {}) => ({
  errorId: componentOf(one),
  fingerprint: componentOf(one),
  component: componentOf(one),
  severity: one.severity,
  source: 'shop',
  message: 'Timeout',
  ...more,
});

/** An incident for every case that needs one, of an error that is HIGH. */
async function prepare(here: ErrorWorld): Promise<void> {
  const declared = async (standing: Standing) => {
    const ids: string[] = [];
    for (const one of cases.filter((each) => each.standing === standing)) {
      const first = { errorId: `first ${componentOf(one)}`, severity: 'HIGH' };
      const { incidentId } = await here.report(errorOf(one, first));
      ids.push(incidentId ?? '');
    }
    return ids;
  };
  for (const id of await declared('lapsed')) await here.resolve(id);
  api.clock.advance(5 * 60_000 + 1);
  for (const id of await declared('reopenable')) await here.resolve(id);
  await declared('open');
  for (const one of cases.filter(({ standing }) => standing === 'beside another')) {
    const declaring = { title: 'Another', severity: 'SEV3', service: componentOf(one) };
    await here.world.do('declareIncident', declaring);
  }
}

async function servicesOf({ world }: ErrorWorld): Promise<string[]> {
  // Those that an incident named are there already, and keep their ids.
  for (const one of cases) await world.do('createService', { name: componentOf(one) });
  const { services } = await world.read<{ services: { nodes: { id: string }[] } }>(
    '{ services(first: 100) { nodes { id } } }',
  );
  expect(services.nodes).toHaveLength(cases.length);
  return services.nodes.map(({ id }) => id);
}

async function maintain(here: ErrorWorld, what: (typeof windows)[number]): Promise<void> {
  if (what === 'no maintenance') return;
  const about = what === 'maintenance of all' ? {} : { serviceIds: await servicesOf(here) };
  const from = api.clock.now();
  const until = new Date(Date.parse(from) + 60 * 60_000).toISOString();
  const window = { name: 'migration', effect: 'SUPPRESS', from, until, ...about };
  const set = await here.world.do('setMaintenanceWindows', { windows: [window] });
  expect(set).toMatchObject({ policy: { maintenanceWindows: [{ name: 'migration' }] } });
}

/** Why it should be counted as lost, by the preview: as `reason name`. */
function lossOf({ outcome, rule, suppressedBy, reported }: Preview): string | null {
  if (reported.outcome === 'DROPPED') return `DROPPED ${rule}`;
  if (reported.outcome !== 'RECORDED') return null;
  if (suppressedBy !== null) return `SUPPRESSED ${suppressedBy}`;
  return outcome === 'ATTACH_ONLY' ? `NOT_ATTACHED ${rule}` : null;
}

async function lossesOf({ world }: ErrorWorld): Promise<Map<string, number>> {
  const lost = await world.lost();
  return new Map(lost.map(({ reason, name, count }) => [`${reason} ${name}`, count as number]));
}

async function compare(here: ErrorWorld, one: Case): Promise<Preview> {
  const error = errorOf(one);
  const before = await here.written();
  const lost = await lossesOf(here);
  const preview = await here.preview(error);
  expect(await here.written()).toEqual(before);
  const real = await here.report(error);
  const { reported, declares, joins } = preview;
  expect(reported.outcome).toBe(real.outcome);
  expect(reported.incident?.id ?? null).toBe(real.outcome === 'CREATED' ? null : real.incidentId);
  expect(reported.fingerprint).toBe(error.fingerprint);
  const incident = real.incidentId === null ? null : await here.incident(real.incidentId);
  expect(reported.severity).toBe(incident?.severity ?? null);
  if (real.outcome === 'CREATED') {
    const commander = declares?.roles.find(({ role }) => role === 'COMMANDER')?.user?.name ?? null;
    const { roles: _roles, ...rest } = declares ?? { roles: [] };
    expect(incident).toMatchObject(rest);
    expect(incident?.commander?.name ?? null).toBe(commander);
  }
  if (one.standing === 'beside another' && real.outcome === 'JOINED') expect(joins?.id).toBe(real.incidentId);
  const loss = lossOf(preview);
  const expected = new Map(lost);
  if (loss !== null) expected.set(loss, (lost.get(loss) ?? 0) + 1);
  expect(await lossesOf(here)).toEqual(expected);
  // Told again, it says what became of it.
  const again = await here.preview(error);
  expect(again.reported).toMatchObject({
    outcome: real.outcome,
    why: 'It was reported before, as severe as this or more, and nothing changes.',
    severity: incident?.severity ?? null,
  });
  expect(again.reported.incident?.id ?? null).toBe(real.incidentId);
  return preview;
}

describe('the preview of an error says what reporting it then does', () => {
  const seen = new Map<string, Set<string>>();

  describe.each(windows)('in %s', (what) => {
    test.each(Object.entries(rules))('under %s', async (_name, ruled) => {
      const here = await ErrorWorld.found(api);
      await prepare(here);
      const { members } = await here.world.read<{ members: { nodes: { user: { id: string } }[] } }>(
        '{ members { nodes { user { id } } } }',
      );
      const set = await here.world.set(ruled(members.nodes[0]?.user.id ?? ''));
      expect(set.__typename).toBe('SetDetectionRulesPayload');
      await maintain(here, what);
      for (const one of cases) {
        const { reported } = await compare(here, one);
        const whys = seen.get(reported.outcome) ?? new Set();
        seen.set(reported.outcome, whys.add(reported.why));
      }
    });
  });

  test('and all that may become of an error was among it, for every reason', () => {
    const counts = Object.fromEntries([...seen].map(([outcome, whys]) => [outcome, whys.size]));
    expect(counts).toEqual({ CREATED: 2, JOINED: 2, REOPENED: 2, RECORDED: 3, DROPPED: 1 });
  });
});
