import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberRole } from '../../src/domain/access/actor.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { audience, issuerName, startTokenIssuer, type TokenIssuer } from '../support/tokenIssuer.ts';

// What the groups of a token give: a role, in the organizations the settings name.

let issuer: TokenIssuer;
let serving: Serving;

beforeAll(async () => {
  issuer = await startTokenIssuer();
  serving = await startServing({
    tokens: {
      issuer: issuerName,
      jwksUrl: issuer.url,
      audiences: [audience],
      userClaim: 'email',
      groupsClaim: 'realm_access.roles',
      groupRoles: new Map<string, ReadonlyMap<string, MemberRole>>([
        ['sre', new Map([['east', 'SRE_LEAD']])],
        ['oncall', new Map([['east', 'ONCALL_ENGINEER']])],
        ['viewers', new Map([['east', 'VIEWER']])],
        ['coast', new Map([['west', 'VIEWER']])],
        ['sea', new Map([['west', 'MEMBER']])],
        ['elsewhere', new Map([['default', 'ORG_ADMIN']])],
      ]),
    },
  });
  for (const slug of ['east', 'west']) {
    await foundOrganization(serving.database, {
      organizationId: v7(),
      slug,
      name: slug,
      at: serving.clock.now(),
      commandId: v7(),
      administrator: { userId: 'grace', name: 'Grace', email: 'grace@example.com' },
      key: null,
    });
  }
});
afterAll(async () => {
  await serving?.stop();
  await issuer?.stop();
});

async function roleIn(organization: string, roles: unknown): Promise<string | undefined> {
  const token = await issuer.sign({ email: 'grace@example.com', realm_access: { roles } });
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'warroom-organization': organization,
    },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  const { data } = (await response.json()) as { data?: { viewer: { role: string } } | null };
  return data?.viewer.role;
}

test.each([
  [['sre', 'oncall'], 'SRE_LEAD'],
  [['oncall', 'sre'], 'SRE_LEAD'],
  [['other', 'viewers'], 'VIEWER'],
  ['oncall viewers', 'ONCALL_ENGINEER'],
  [['other'], 'ORG_ADMIN'],
  [[], 'ORG_ADMIN'],
  [{ sre: true }, 'ORG_ADMIN'],
  [undefined, 'ORG_ADMIN'],
])('with the groups %j a token has the role %s', async (roles, role) => {
  expect(await roleIn('east', roles)).toBe(role);
});

test('in an organization that none of its groups is of, a token has the role of its person', async () => {
  const groups = ['sre', 'coast', 'sea'];
  expect([await roleIn('west', groups), await roleIn('east', ['coast', 'sea'])]).toEqual([
    'MEMBER',
    'ORG_ADMIN',
  ]);
});

test('a group makes nobody a member', async () => {
  expect(await roleIn('default', ['elsewhere'])).toBeUndefined();
});
