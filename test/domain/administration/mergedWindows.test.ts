import { describe, expect, it } from 'vitest';
import type { AdministrationCommand } from '../../../src/domain/administration/commands.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import { noFacts } from '../../../src/domain/administration/facts.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { start } from '../../support/given.ts';

/** Checkout, with its alias Cart; Search. */
const mergedInto: Readonly<Record<string, string | null>> = {
  checkout: null,
  cart: 'checkout',
  search: null,
};

function decide(command: AdministrationCommand, policy: Policy = defaultPolicy) {
  return decideAdministration(command, {
    organizationId: 'organization',
    commandId: 'command',
    actor: { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' },
    scopes: [],
    at: start,
    policy,
    facts: {
      ...noFacts,
      catalogue: {
        ...noFacts.catalogue,
        service: (id) => ({
          id,
          name: id,
          mergedInto: mergedInto[id] ?? null,
          ownerTeamId: null,
          tier: null,
          runbook: null,
        }),
      },
    },
  });
}

describe('maintenance windows of merged services', () => {
  const window = {
    effect: 'SUPPRESS',
    from: start,
    until: plusMinutes(start, 60),
  } as const;
  const policyAfter = (command: AdministrationCommand, policy?: Policy) => {
    const decision = decide(command, policy);
    return decision.ok ? decision.policy : expect.unreachable();
  };
  const serviceIdsOf = ({ maintenanceWindows }: Policy) =>
    maintenanceWindows.map(({ serviceIds }) => serviceIds);

  it('are about both from the merge on', () => {
    const windows = [
      { ...window, name: 'alias', serviceIds: ['search'] },
      { ...window, name: 'both', serviceIds: ['checkout', 'search'] },
      { ...window, name: 'any' },
    ];
    const policy = policyAfter({ name: 'setMaintenanceWindows', input: { windows } });
    const merged = policyAfter(
      { name: 'mergeServices', input: { serviceId: 'search', intoServiceId: 'checkout' } },
      policy,
    );
    expect(serviceIdsOf(merged)).toEqual([['search', 'checkout'], ['checkout', 'search'], null]);
    expect(merged.version).toBe(policy.version + 1);
  });

  it('are as they were where none is about them', () => {
    const policy = policyAfter({
      name: 'setMaintenanceWindows',
      input: { windows: [{ ...window, name: 'any' }] },
    });
    const merging: AdministrationCommand = {
      name: 'mergeServices',
      input: { serviceId: 'search', intoServiceId: 'checkout' },
    };
    expect(policyAfter(merging, policy)).toBe(policy);
  });

  it('set after it are about what the alias leads to, too', () => {
    const windows = [{ ...window, name: 'alias', serviceIds: ['cart', 'checkout', 'search'] }];
    const policy = policyAfter({ name: 'setMaintenanceWindows', input: { windows } });
    expect(serviceIdsOf(policy)).toEqual([['cart', 'checkout', 'search']]);
    const alone = [{ ...window, name: 'alias', serviceIds: ['cart'] }];
    expect(serviceIdsOf(policyAfter({ name: 'setMaintenanceWindows', input: { windows: alone } }))).toEqual([
      ['cart', 'checkout'],
    ]);
  });
});
