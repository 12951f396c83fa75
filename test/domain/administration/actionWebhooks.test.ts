import { describe, expect, it } from 'vitest';
import type { AdministrationCommand } from '../../../src/domain/administration/commands.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import { noFacts } from '../../../src/domain/administration/facts.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { start } from '../../support/given.ts';

const made = { sealed: '00' };
const url = 'https://reminders.example.com/actions';
const set = (source: string, to = url): AdministrationCommand => ({
  name: 'setActionWebhook',
  input: { source, url: to, made },
});

function decided(command: AdministrationCommand, policy: Policy, minute = 0) {
  return decideAdministration(command, {
    organizationId: 'organization',
    commandId: `command ${minute}`,
    actor: { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' },
    scopes: ['ADMIN'],
    at: plusMinutes(start, minute),
    policy,
    facts: noFacts,
  });
}

function after(command: AdministrationCommand, policy: Policy = defaultPolicy, minute = 0): Policy {
  const decision = decided(command, policy, minute);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return decision.policy;
}

function problems(command: AdministrationCommand, policy: Policy = defaultPolicy) {
  const decision = decided(command, policy);
  if (decision.ok) throw new Error('It was accepted.');
  const { refusal } = decision;
  return refusal.kind === 'ValidationError' ? refusal.fields.map(({ path }) => path.join('.')) : refusal.code;
}

describe('action webhooks', () => {
  it('are one for each source, by name; one that moves keeps its secret', () => {
    const both = after(set('reminders', 'https://other.example.com'), after(set('imports')), 1);
    const moved = after(set('imports', 'https://new.example.com'), both, 2);
    expect(moved.actionWebhooks).toMatchObject([
      {
        source: 'imports',
        url: 'https://new.example.com',
        secretSetAt: start,
        overlapEndsAt: null,
        secretSetBy: 'command 0',
      },
      {
        source: 'reminders',
        url: 'https://other.example.com',
        secretSetAt: plusMinutes(start, 1),
        overlapEndsAt: null,
      },
    ]);
    const same = decided(set('imports', 'https://new.example.com'), moved, 3);
    expect(same.ok && same.events).toEqual([]);
  });

  it('get another secret, and sign with the one before for as long as is said', () => {
    const rotate = (overlapMinutes: number): AdministrationCommand => ({
      name: 'rotateActionWebhookSecret',
      input: { source: 'imports', overlapMinutes, made },
    });
    const policy = after(set('imports'));
    expect(after(rotate(60), policy, 5).actionWebhooks).toMatchObject([
      { secretSetAt: plusMinutes(start, 5), overlapEndsAt: plusMinutes(start, 65) },
    ]);
    expect(after(rotate(0), policy, 5).actionWebhooks).toMatchObject([{ overlapEndsAt: null }]);
    expect(problems(rotate(10_081), policy)).toEqual(['overlapMinutes']);
    expect(problems(rotate(1))).toBe('NOT_FOUND');
  });

  it('are removed, and what is not there is removed already', () => {
    const remove: AdministrationCommand = { name: 'removeActionWebhook', input: { source: ' imports ' } };
    expect(after(remove, after(set('imports'))).actionWebhooks).toEqual([]);
    const nothing = decided(remove, defaultPolicy);
    expect(nothing.ok && nothing.events).toEqual([]);
  });

  it('need a source, and a URL without user and password', () => {
    expect(problems(set(' ', 'reminders.example.com'))).toEqual(['source', 'url']);
    expect(problems(set('imports', 'https://me:secret@example.com/'))).toEqual(['url']);
    expect(problems(set('imports', 'file:///etc/passwd'))).toEqual(['url']);
  });

  it('are at most 50', () => {
    let policy = defaultPolicy;
    for (let n = 0; n < 50; n++) policy = after(set(`source ${n}`), policy);
    expect(problems(set('one more'), policy)).toEqual(['source']);
    expect(after(set('source 7', 'https://new.example.com'), policy).actionWebhooks).toHaveLength(50);
  });
});
