import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { alert, DetectionWorld } from './detectionWorld.ts';

let api: TestApi;
let world: DetectionWorld;
beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  world = await DetectionWorld.found(api);
});
afterAll(() => api?.close());

describe('maintenance', () => {
  const soon = () => ({
    from: world.api.clock.now(),
    until: new Date(Date.parse(world.api.clock.now()) + 3_600_000).toISOString(),
  });
  const setWindows = (windows: object[]) => world.do('setMaintenanceWindows', { windows });

  test('keeps signals of its services from declaring while it lasts, and says so beforehand', async () => {
    const { service } = await world.do('createService', {
      name: 'Checkout',
    });
    const { id } = service as { id: string };
    const window = { name: 'migration', effect: 'SUPPRESS', serviceIds: [id], ...soon() };
    expect(await setWindows([window])).toMatchObject({
      policy: { maintenanceWindows: [{ name: 'migration', services: [{ name: 'Checkout' }] }] },
    });
    const signal = { source: 'x', summary: 'Slow', severity: 'SEV4', service: 'checkout' };
    const { previewRules } = await world.read<{ previewRules: object[] }>(
      `query($payload: PreviewPayloadInput!) { previewRules(payload: $payload) {
         outcome suppressedBy declares { title } } }`,
      { payload: { signal } },
    );
    expect(previewRules).toEqual([{ outcome: 'DECLARE', suppressedBy: 'migration', declares: null }]);
    await world.receive(alert('one', { service: 'checkout' }), alert('two'));
    expect(await world.incidents()).toMatchObject([{ title: 'Alert two' }]);
    expect(await world.lost()).toMatchObject([{ reason: 'SUPPRESSED', name: 'migration', count: 1 }]);
    world.api.clock.advance(3_600_000);
    await world.receive(alert('one', { service: 'checkout' }));
    expect((await world.incidents()).map(({ title }) => title)).toEqual(['Alert two', 'Alert one']);
  });

  test('stays about a service that is merged into another', async () => {
    const made = async (name: string) =>
      ((await world.do('createService', { name })).service as { id: string }).id;
    const serviceId = await made('Cart');
    const intoServiceId = await made('Checkout');
    await setWindows([{ name: 'migration', effect: 'SUPPRESS', serviceIds: [serviceId], ...soon() }]);
    await world.do('mergeServices', { serviceId, intoServiceId });
    await world.receive(alert('one', { service: 'cart' }), alert('two', { service: 'checkout' }));
    expect(await world.incidents()).toEqual([]);
    const { policy } = await world.read<{ policy: { maintenanceWindows: object[] } }>(
      '{ policy { maintenanceWindows { services { name } } } }',
      {},
    );
    expect(policy.maintenanceWindows).toEqual([{ services: [{ name: 'Checkout' }] }]);
  });

  test('holds escalations of open incidents as soon as it is set, and previews say so', async () => {
    const declaring = { title: 'Open', severity: 'SEV1', source: 'prometheus' };
    const { incident } = await world.do('declareIncident', declaring);
    const window = { name: 'work', effect: 'HOLD_ESCALATIONS', sources: ['prometheus'], ...soon() };
    await setWindows([window]);
    const { incident: now, escalationPreview } = await world.read<{
      incident: { pendingActions: { kind: string; dueAt: string }[] };
      escalationPreview: { dueAt: string; why: string }[];
    }>(
      `query($id: ID!) { incident(id: $id) { pendingActions { kind dueAt } }
         escalationPreview(incidentId: $id) { dueAt why } }`,
      { id: incident?.id },
    );
    const escalations = now.pendingActions.filter(({ kind }) => kind === 'ESCALATION');
    expect(escalations[0]?.dueAt).toBe(window.until);
    expect(escalationPreview[0]).toMatchObject({ dueAt: window.until });
    expect(escalationPreview[0]?.why).toContain(`Maintenance holds it until ${window.until}.`);
  });

  test('of services that are not there is refused', async () => {
    const serviceIds = [toGlobalId('Service', '01900000-0000-7000-8000-0000000000ff'), 'nothing'];
    const window = { name: 'work', effect: 'SUPPRESS', serviceIds, ...soon() };
    expect(await setWindows([window])).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['windows', '0', 'serviceIds', '0'] }, { path: ['windows', '0', 'serviceIds', '1'] }],
    });
  });
});
