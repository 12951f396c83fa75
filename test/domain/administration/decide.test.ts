import { describe, expect, it } from 'vitest';
import { type Actor, type ApiKeyScope, apiKeyScopes } from '../../../src/domain/access/actor.ts';
import type {
  AdministrationCommand,
  AdministrationCommandInputs,
} from '../../../src/domain/administration/commands.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import { type ApiKeyFact, noFacts } from '../../../src/domain/administration/facts.ts';
import { unconfigured } from '../../../src/domain/detection/ingestConfiguration.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import { decodeBody, encodeBody } from '../../../src/domain/ledger/body.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import { scheduler, start } from '../../support/given.ts';

const admin: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };
const key = { prefix: 'wr_old', role: 'MEMBER', scopes: ['READ', 'RESPOND'], ingest: unconfigured } as const;
const keys = new Map<string, ApiKeyFact>([
  ...apiKeyScopes.map(
    (scope) => [scope, { ...key, scopes: [scope], expiresAt: null, revokedAt: null }] as const,
  ),
  ['live', { ...key, expiresAt: null, revokedAt: null }],
  ['revoked', { ...key, expiresAt: null, revokedAt: start }],
  ['expired', { ...key, expiresAt: start, revokedAt: null }],
]);

function decide(command: AdministrationCommand, actor: Actor = admin, scopes: readonly ApiKeyScope[] = []) {
  return decideAdministration(command, {
    organizationId: 'organization',
    commandId: 'command',
    actor,
    scopes,
    at: start,
    policy: defaultPolicy,
    facts: { ...noFacts, apiKey: (id) => keys.get(id) },
  });
}

function problems(command: AdministrationCommand): string[] {
  const decision = decide(command);
  if (decision.ok || decision.refusal.kind !== 'ValidationError') throw new Error(JSON.stringify(decision));
  return decision.refusal.fields.map((field) => field.path.join('.'));
}

const target = { severity: 'SEV1', acknowledgeWithinMinutes: 10, resolveWithinMinutes: 60 } as const;
const rule = { name: 'page', reason: 'NO_ACK', afterMinutes: 5, target: 'ON_CALL' } as const;
const made = { apiKeyId: 'id', prefix: 'wr_abcdefgh', hash: 'secret hash' };
const newKey: AdministrationCommandInputs['createApiKey'] = {
  name: 'CI',
  role: 'MEMBER',
  scopes: ['RESPOND', 'READ'],
  made,
};

describe('policies', () => {
  it('change as a whole, one version up, in one event', () => {
    const decision = decide({ name: 'setSlaPolicy', input: { targets: [target] } });
    if (!decision.ok) throw new Error(decision.refusal.message);
    expect(decision.policy).toEqual({
      ...defaultPolicy,
      version: 2,
      sla: {
        ...defaultPolicy.sla,
        SEV1: { acknowledgeWithinMinutes: 10, resolveWithinMinutes: 60, atRiskPercent: 80 },
      },
    });
    expect(decision.events).toEqual([
      {
        type: 'ORGANIZATION_POLICY_CHANGED',
        typeVersion: 1,
        policyVersion: 1,
        commandId: 'command',
        actor: admin,
        at: start,
        payload: { part: 'SLA', policy: decision.policy },
      },
    ]);
  });

  it.each<AdministrationCommand>([
    { name: 'setSlaPolicy', input: { targets: [] } },
    {
      name: 'setSlaPolicy',
      input: { targets: [{ severity: 'SEV1', acknowledgeWithinMinutes: 15, resolveWithinMinutes: 240 }] },
    },
    { name: 'setEscalationRules', input: { rules: defaultPolicy.escalationRules } },
    { name: 'setWorkflowPolicy', input: {} },
    { name: 'setWorkflowPolicy', input: { gates: defaultPolicy.workflowGates } },
    { name: 'setAutoResolvePolicy', input: { resolveOnClear: ['SEV4', 'SEV3', 'SEV3'] } },
    { name: 'setSessionGatePolicy', input: { enabled: false, afterMinutes: null, severities: ['SEV1'] } },
    { name: 'setAccessLogPolicy', input: { logIncidentReads: false } },
  ])('$name that changes nothing writes nothing: %j', (command) => {
    expect(decide(command)).toEqual({ ok: true, events: [], policy: defaultPolicy });
  });

  it.each<[AdministrationCommand, string[]]>([
    [
      { name: 'setSlaPolicy', input: { targets: [{ ...target, acknowledgeWithinMinutes: 0 }] } },
      ['targets.0.acknowledgeWithinMinutes'],
    ],
    [
      { name: 'setSlaPolicy', input: { targets: [{ ...target, resolveWithinMinutes: 5 }] } },
      ['targets.0.resolveWithinMinutes'],
    ],
    [{ name: 'setSlaPolicy', input: { targets: [target, target] } }, ['targets.1.severity']],
    [
      { name: 'setSlaPolicy', input: { targets: [{ ...target, atRiskPercent: 100 }] } },
      ['targets.0.atRiskPercent'],
    ],
    [{ name: 'setEscalationRules', input: { rules: [rule, { ...rule, name: 'Page ' }] } }, ['rules.1.name']],
    [{ name: 'setEscalationRules', input: { rules: [{ ...rule, name: 'x'.repeat(81) }] } }, ['rules.0.name']],
    [{ name: 'setEscalationRules', input: { rules: [{ ...rule, reason: 'MANUAL' }] } }, ['rules.0.reason']],
    [
      { name: 'setEscalationRules', input: { rules: [{ ...rule, reason: 'SEVERITY_RAISED' }] } },
      ['rules.0.afterMinutes'],
    ],
    [
      { name: 'setEscalationRules', input: { rules: [{ ...rule, afterMinutes: null }] } },
      ['rules.0.afterMinutes'],
    ],
    [{ name: 'setEscalationRules', input: { rules: [{ ...rule, severities: [] }] } }, ['rules.0.severities']],
    [
      {
        name: 'setEscalationRules',
        input: {
          rules: Array.from({ length: 10 }, (_, index) => ({
            ...rule,
            name: `r${index}`,
            severities: ['SEV2'],
          })),
        },
      },
      ['rules'],
    ],
    [{ name: 'setWorkflowPolicy', input: { overdueAfterMinutes: 525_601 } }, ['overdueAfterMinutes']],
    [
      { name: 'setAutoResolvePolicy', input: { staleAfterHours: 0, silenceMinutes: 1_441 } },
      ['staleAfterHours', 'silenceMinutes'],
    ],
    [
      { name: 'setSessionGatePolicy', input: { afterMinutes: 525_601, severities: [] } },
      ['severities', 'afterMinutes'],
    ],
  ])('%j is refused', (command, paths) => {
    expect(problems(command)).toEqual(paths);
  });

  it('nine rules for each severity are accepted', () => {
    const rules = (['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const).flatMap((severity) =>
      Array.from({ length: 9 }, (_, index) => ({
        ...rule,
        name: `${severity} ${index}`,
        severities: [severity],
      })),
    );
    expect(decide({ name: 'setEscalationRules', input: { rules } }).ok).toBe(true);
  });

  it('null means never for staleness, absent leaves it', () => {
    const never = decide({ name: 'setAutoResolvePolicy', input: { staleAfterHours: null } });
    expect(never.ok && never.policy.autoResolve).toMatchObject({ staleAfterHours: null, silenceMinutes: 5 });
  });
});

describe('API keys', () => {
  it('keep neither secret nor hash in the ledger', () => {
    const decision = decide({ name: 'createApiKey', input: newKey });
    if (!decision.ok) throw new Error(decision.refusal.message);
    const [event] = decision.events;
    expect(event?.payload).toEqual({
      apiKeyId: 'id',
      name: 'CI',
      prefix: 'wr_abcdefgh',
      role: 'MEMBER',
      scopes: ['READ', 'RESPOND'],
      expiresAt: null,
    });
    expect(JSON.stringify(decision.events)).not.toContain(made.hash);
  });

  it.each<[Partial<typeof newKey>, string]>([
    [{ name: ' ' }, 'name'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['INGEST', 'READ'] }, 'scopes'],
    [{ scopes: ['GATE', 'ADMIN'] }, 'scopes'],
    [{ expiresAt: start }, 'expiresAt'],
    [{ expiresAt: 'never' }, 'expiresAt'],
  ])('%j is refused', (input, path) => {
    expect(problems({ name: 'createApiKey', input: { ...newKey, ...input } })).toContain(path);
  });

  it('cannot be given a role above the creator', () => {
    const lead: Actor = { kind: 'API_KEY', id: 'k', role: 'SRE_LEAD' };
    const input = { ...newKey, role: 'ORG_ADMIN' } as const;
    expect(decide({ name: 'createApiKey', input }, lead)).toMatchObject({
      refusal: { kind: 'ForbiddenError', requiredRole: 'ORG_ADMIN' },
    });
    expect(decide({ name: 'createApiKey', input }, scheduler).ok).toBe(true);
  });

  const held = ['READ', 'RESPOND', 'ADMIN'] as const;
  it.each<[readonly ApiKeyScope[], ApiKeyScope, ApiKeyScope | null]>([
    [['ADMIN'], 'ADMIN', null],
    [['ADMIN'], 'READ', 'READ'],
    [['ADMIN'], 'RESPOND', 'RESPOND'],
    // Bringing alerts in is responding, and changes incidents; asking at the gate shows what an administrator sees.
    [['ADMIN'], 'INGEST', 'RESPOND'],
    [['ADMIN'], 'GATE', null],
    [['READ', 'ADMIN'], 'READ', null],
    [['READ', 'ADMIN'], 'RESPOND', 'RESPOND'],
    ...apiKeyScopes.map((scope): [readonly ApiKeyScope[], ApiKeyScope, null] => [held, scope, null]),
  ])('a key of %j gives a key, or a new secret of one, of %s only with %s', (scopes, scope, missing) => {
    const program: Actor = { kind: 'API_KEY', id: 'k', role: 'ORG_ADMIN' };
    const create: AdministrationCommand = { name: 'createApiKey', input: { ...newKey, scopes: [scope] } };
    const rotate: AdministrationCommand = {
      name: 'rotateApiKey',
      input: { apiKeyId: scope, overlapMinutes: 5, made },
    };
    const refused = { refusal: { kind: 'ForbiddenError', requiredScope: missing } };
    for (const command of [create, rotate]) {
      expect(decide(command, program, scopes)).toMatchObject(missing === null ? { ok: true } : refused);
      expect(decide(command).ok).toBe(true);
    }
  });

  it.each<[string, number, unknown]>([
    ['live', 0, { overlapEndsAt: start }],
    ['live', 10_080, { overlapEndsAt: plusMinutes(start, 10_080) }],
    ['live', 10_081, 'overlapMinutes'],
    ['live', -1, 'overlapMinutes'],
    ['live', 0.5, 'overlapMinutes'],
    ['revoked', 5, 'apiKeyId'],
    ['expired', 5, 'apiKeyId'],
  ])('rotating a %s key with an overlap of %d minutes: %j', (apiKeyId, overlapMinutes, expected) => {
    const secret = { prefix: 'wr_new', hash: made.hash };
    const command = { name: 'rotateApiKey', input: { apiKeyId, overlapMinutes, made: secret } } as const;
    if (typeof expected === 'string') return expect(problems(command)).toEqual([expected]);
    const decision = decide(command);
    if (!decision.ok) throw new Error(decision.refusal.message);
    expect(decision.events.map(({ type, payload }) => [type, payload])).toEqual([
      ['API_KEY_ROTATED', { apiKeyId, prefix: 'wr_new', supersedes: 'wr_old', ...(expected as object) }],
    ]);
    expect(JSON.stringify(decision.events)).not.toContain(made.hash);
  });

  it('are revoked once', () => {
    const revoke = (apiKeyId: string) => decide({ name: 'revokeApiKey', input: { apiKeyId } });
    expect(revoke('live')).toMatchObject({
      events: [{ type: 'API_KEY_REVOKED', payload: { apiKeyId: 'live' } }],
    });
    expect(revoke('revoked')).toMatchObject({ ok: true, events: [] });
    expect(revoke('unknown')).toMatchObject({ refusal: { code: 'NOT_FOUND' } });
  });
});

describe('an organization', () => {
  const input = { slug: 'default', name: 'Default', administrator: { userId: 'ada' } };

  it('begins with itself and its administrator', () => {
    const decision = decide({ name: 'foundOrganization', input }, scheduler);
    expect(decision.ok && decision.events.map((event) => event.type)).toEqual([
      'ORGANIZATION_CREATED',
      'MEMBER_ADDED',
    ]);
    expect(decision.ok && decision.policy).toBe(defaultPolicy);
    expect(problems({ name: 'foundOrganization', input: { ...input, slug: 'No Spaces' } })).toEqual(['slug']);
  });

  it('tells its events as sentences, and reads them back from their bodies', () => {
    const decision = decide({ name: 'foundOrganization', input }, scheduler);
    const names = { actor: () => 'Warroom', user: () => 'Ada', name: () => '', incident: () => 'INC-001' };
    const sentences = decision.ok ? decision.events.map((event) => describeEvent(event, names)) : [];
    expect(sentences).toEqual([
      'Warroom founded the organization Default.',
      'Warroom added Ada as ORG_ADMIN.',
    ]);
    for (const event of decision.ok ? decision.events : []) {
      expect(decodeBody<'ADMINISTRATION'>(encodeBody(event))).toEqual(event);
    }
  });
});
