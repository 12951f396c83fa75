import { describe, expect, it } from 'vitest';
import type { ActorKind, MemberRole } from '../../../src/domain/access/actor.ts';
import { isLogged } from '../../../src/domain/access/loggedOperations.ts';
import type { OperationName } from '../../../src/domain/access/permissions.ts';

const by = (role: MemberRole, kind: ActorKind = 'USER', superadmin = false) => ({
  kind,
  role,
  scopes: ['READ', 'RESPOND', 'ADMIN'] as const,
  superadmin,
});

describe('what the access log keeps', () => {
  it.each<[OperationName, ReturnType<typeof by>, boolean, boolean]>([
    // Administration: by administrators, person or key; what others may read is theirs to read.
    ['members', by('ORG_ADMIN'), false, true],
    ['members', by('ORG_ADMIN', 'API_KEY'), false, true],
    ['members', by('SRE_LEAD'), true, false],
    ['policy', by('VIEWER'), true, false],
    ['setSlaPolicy', by('ORG_ADMIN'), false, true],
    // What only administrators may: by whoever tries.
    ['apiKeys', by('VIEWER'), false, true],
    ['accessLog', by('MEMBER', 'INTEGRATION'), false, true],
    ['createApiKey', by('SRE_LEAD'), false, true],
    // Founding is a superadmin's, also where they act as a member; and whoever tries.
    ['createOrganization', by('VIEWER'), false, true],
    // Incidents: by people, where the policy says so.
    ['incident', by('ORG_ADMIN'), false, false],
    ['incident', by('VIEWER'), true, true],
    ['incidents', by('VIEWER', 'API_KEY'), true, true],
    ['acknowledgeIncident', by('MEMBER'), true, true],
    ['incident', by('MEMBER', 'INTEGRATION'), true, false],
    ['incident', by('ORG_ADMIN', 'SYSTEM'), true, false],
    // Neither.
    ['viewer', by('ORG_ADMIN'), true, false],
    ['ledgerHead', by('ORG_ADMIN'), true, false],
    // Whatever a SUPERADMIN does.
    ['viewer', by('ORG_ADMIN', 'USER', true), false, true],
    ['incident', by('ORG_ADMIN', 'USER', true), false, true],
    ['members', by('ORG_ADMIN', 'USER', true), false, true],
  ])('%s by %j, logIncidentReads %s: %s', (operation, principal, logIncidentReads, kept) => {
    expect(isLogged(operation, principal, logIncidentReads)).toBe(kept);
  });
});
