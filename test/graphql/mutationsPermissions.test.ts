import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKeyScopes, memberRoles } from '../../src/domain/access/actor.ts';
import { hasRole } from '../../src/domain/access/hasRole.ts';
import { type OperationName, permissions } from '../../src/domain/access/permissions.ts';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';
import { noIds } from './mutationCase.ts';
import { incidentCases } from './mutationCases.ts';
import { organizationCases } from './organizationCases.ts';

let api: TestApi;
let here: TestOrganization;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
});
afterAll(() => api?.close());

describe('every role and every scope against the table of permissions', () => {
  const inputs: Record<string, Record<string, unknown>> = {
    declareIncident: { title: '', severity: 'SEV4' },
    ...Object.fromEntries(
      Object.entries(incidentCases).map(([name, of]) => [name, { incidentId: '', ...of.input(noIds) }]),
    ),
    ...Object.fromEntries(
      Object.entries(organizationCases).map(([name, of]) => [name, of.invalid?.input ?? of.input(noIds)]),
    ),
  };

  test.each(Object.entries(inputs))('%s', async (name, input) => {
    const permission = permissions[name as OperationName];
    for (const role of memberRoles) {
      const { __typename } = await mutate(api, here.user(role), name, input);
      const { role: lowest } = permission;
      const may = lowest !== null && lowest !== 'PERSON' && lowest !== 'SUPERADMIN' && hasRole(role, lowest);
      expect(`${role} ${__typename === 'ForbiddenError' ? 'may not' : 'may'}`).toBe(
        `${role} ${may ? 'may' : 'may not'}`,
      );
    }
    for (const scope of apiKeyScopes) {
      const { __typename } = await mutate(api, here.key('ORG_ADMIN', [scope]), name, input);
      const may = permission.scopes.includes(scope);
      expect(`${scope} ${__typename === 'ForbiddenError' ? 'may not' : 'may'}`).toBe(
        `${scope} ${may ? 'may' : 'may not'}`,
      );
    }
  });
});
