import { afterAll, beforeAll, expect, it } from 'vitest';
import { actionWebhookSecretsOf } from '../../src/app/actionWebhookSecrets.ts';
import { createSealing } from '../../src/app/sealing.ts';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
});
afterAll(() => api?.close());

const url = 'https://reminders.example.com/actions';
const secrets = (organization: TestOrganization, source = 'reminders') =>
  actionWebhookSecretsOf(
    { database: api.database, sealing: createSealing(null) },
    { organizationId: organization.organizationId, source },
    api.clock.now(),
  );
const webhooks = async (organization: TestOrganization) =>
  (
    await api.run<{ actionWebhooks: object[] }>(
      organization.user('ORG_ADMIN'),
      '{ actionWebhooks { source url secretSetAt overlapEndsAt } }',
    )
  ).data.actionWebhooks;

it('a secret is shown once, signs with the one before for a while, and goes with its webhook', async () => {
  const administer = (name: string, input: Record<string, unknown>) =>
    mutate(api, here.user('ORG_ADMIN'), name, input);
  const set = await administer('setActionWebhook', { source: 'reminders', url });
  expect(set.secret).toMatch(/^whsec_[\w+/]{43}=$/);
  expect(await secrets(here)).toEqual([set.secret]);
  const moved = await administer('setActionWebhook', { source: 'reminders', url: `${url}/new` });
  expect(moved).toMatchObject({ webhook: { url: `${url}/new` }, secret: null });
  expect(await secrets(here)).toEqual([set.secret]);

  api.clock.advance(1_000);
  const rotated = await administer('rotateActionWebhookSecret', { source: 'reminders', overlapMinutes: 5 });
  expect(await secrets(here)).toEqual([rotated.secret, set.secret]);
  api.clock.advance(5 * 60_000);
  expect(await secrets(here)).toEqual([rotated.secret]);
  expect(await webhooks(here)).toMatchObject([{ source: 'reminders', url: `${url}/new` }]);

  const there = await api.found('there');
  expect([await webhooks(there), await secrets(there)]).toEqual([[], []]);
  expect(JSON.stringify(rotated.events)).not.toContain(rotated.secret);

  await administer('removeActionWebhook', { source: 'reminders' });
  expect([await webhooks(here), await secrets(here)]).toEqual([[], []]);
});
