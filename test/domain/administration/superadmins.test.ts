import { describe, expect, test } from 'vitest';
import { systemActor } from '../../../src/domain/access/actor.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import { noFacts } from '../../../src/domain/administration/facts.ts';
import { platform } from '../../../src/domain/administration/platform.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import { start } from '../../support/given.ts';

function decide(
  name: 'grantSuperadmin' | 'revokeSuperadmin',
  isSuperadmin: boolean,
  organizationId: string = platform.organizationId,
) {
  return decideAdministration(
    { name, input: { userId: 'sol' } },
    {
      organizationId,
      commandId: 'command',
      actor: systemActor,
      scopes: [],
      at: start,
      policy: defaultPolicy,
      facts: { ...noFacts, isSuperadmin: () => isSuperadmin },
    },
  );
}

describe('who is a superadmin', () => {
  test.each([
    ['grantSuperadmin', false, 'SUPERADMIN_GRANTED', 'Warroom made Sol a superadmin of the installation.'],
    ['revokeSuperadmin', true, 'SUPERADMIN_REVOKED', 'Warroom took from Sol that they are a superadmin.'],
  ] as const)('%s when they are one: %s', (name, before, type, sentence) => {
    const decision = decide(name, before);
    if (!decision.ok) throw new Error(decision.refusal.message);
    expect(decision.events).toMatchObject([{ type, payload: { userId: 'sol' } }]);
    const names = { user: () => 'Sol', actor: () => 'Warroom', incident: () => '', name: () => '' };
    const [event] = decision.events;
    expect(event && describeEvent(event, names as never)).toBe(sentence);
    expect(decide(name, !before)).toMatchObject({ ok: true, events: [] });
    expect(decide(name, before, 'another')).toMatchObject({ refusal: { code: 'FORBIDDEN' } });
  });
});
