import { describe, expect, it } from 'vitest';
import type { AdministrationCommandInputs } from '../../../src/domain/administration/commands.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import { noFacts } from '../../../src/domain/administration/facts.ts';
import { completeIngest, unconfigured } from '../../../src/domain/detection/ingestConfiguration.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import { start } from '../../support/given.ts';

type Input = Omit<AdministrationCommandInputs['setIngestConfiguration'], 'apiKeyId'>;

const shop = { ...unconfigured, version: 3, source: 'shop', service: 'checkout', requestsPerMinute: 60 };
const key = {
  prefix: 'wr_',
  role: 'MEMBER' as const,
  scopes: ['INGEST' as const],
  ingest: shop,
  expiresAt: null,
  revokedAt: null,
};
const keys = new Map([
  ['shop', key],
  ['new', { ...key, ingest: unconfigured }],
  ['revoked', { ...key, revokedAt: start }],
  ['reader', { ...key, scopes: ['READ' as const] }],
]);

function configure(input: Input, apiKeyId = 'shop') {
  return decideAdministration(
    { name: 'setIngestConfiguration', input: { apiKeyId, ...input } },
    {
      organizationId: 'organization',
      commandId: 'command',
      actor: { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' },
      scopes: ['ADMIN'],
      at: start,
      policy: defaultPolicy,
      facts: { ...noFacts, apiKey: (id) => keys.get(id) },
    },
  );
}

function problems(input: Input, apiKeyId = 'shop'): string[] {
  const decision = configure(input, apiKeyId);
  if (decision.ok || decision.refusal.kind !== 'ValidationError') throw new Error(JSON.stringify(decision));
  return decision.refusal.fields.map((field) => field.path.join('.'));
}

const critical = { text: ' Kritisch ', severity: 'SEV1' } as const;

describe('how what a key brings is read', () => {
  it.each<[string, string, Input, object]>([
    ['from nothing', 'new', { source: ' shop ' }, { ...unconfigured, version: 1, source: 'shop' }],
    ['in part: the rest stays', 'shop', { environment: 'eu' }, { ...shop, version: 4, environment: 'eu' }],
    [
      'taken back',
      'shop',
      { source: null, service: ' ' },
      { ...shop, version: 4, source: null, service: null },
    ],
    [
      'without a limit again',
      'shop',
      { requestsPerMinute: null },
      { ...shop, version: 4, requestsPerMinute: null },
    ],
    [
      'with severities, compared without case',
      'shop',
      { severityMap: [critical], defaultSeverity: 'SEV4', expectedVersion: 3 },
      { ...shop, version: 4, severityMap: [{ text: 'kritisch', severity: 'SEV1' }], defaultSeverity: 'SEV4' },
    ],
  ])('%s', (_what, apiKeyId, input, configuration) => {
    const decision = configure(input, apiKeyId);
    expect(decision.ok && decision.events.map(({ type, payload }) => [type, payload])).toEqual([
      ['API_KEY_INGEST_CONFIGURED', { apiKeyId, configuration }],
    ]);
  });

  it.each<Input>([
    {},
    { source: 'shop' },
    { service: ' checkout ', requestsPerMinute: 60, severityMap: null },
  ])('that is so already (%j) is no event', (input) => {
    expect(configure(input)).toMatchObject({ ok: true, events: [] });
  });

  it('that has a secret says so, and nothing of it; setting one is always an event', () => {
    const signingSecret = { text: 'client secret', sealed: '00ff' };
    const decision = configure({ signingSecret });
    expect(decision).toMatchObject({
      events: [{ payload: { configuration: { ...shop, version: 4, hasSigningSecret: true } } }],
    });
    expect(JSON.stringify(decision)).not.toMatch(/client secret|00ff/);
    keys.set('signed', { ...key, ingest: { ...shop, hasSigningSecret: true } });
    expect(configure({ signingSecret }, 'signed')).toMatchObject({ events: [{}] });
    expect(configure({ signingSecret: null }, 'signed')).toMatchObject({
      events: [{ payload: { configuration: { hasSigningSecret: false } } }],
    });
    expect(configure({ signingSecret: null })).toMatchObject({ events: [] });
  });

  it('is refused of another version, naming the current one', () => {
    expect(configure({ expectedVersion: 2 })).toMatchObject({
      refusal: { kind: 'ConflictError', currentVersion: 3 },
    });
    expect(configure({ expectedVersion: 3 })).toMatchObject({ ok: true });
  });

  it.each<[Input, string[], string?]>([
    [{ source: 'x'.repeat(101), requestsPerMinute: 0 }, ['source', 'requestsPerMinute']],
    [{ requestsPerMinute: 100_001 }, ['requestsPerMinute']],
    [{ requestsPerMinute: 1.5 }, ['requestsPerMinute']],
    [{ severityMap: [critical, { ...critical, text: 'KRITISCH' }] }, ['severityMap.1.text']],
    [{ signingSecret: { text: 'x'.repeat(501), sealed: '' } }, ['signingSecret']],
    [{ signingSecret: { text: '', sealed: '' } }, ['signingSecret']],
    [{ severityMap: [{ ...critical, text: ' ' }] }, ['severityMap.0.text']],
    [{ severityMap: Array.from({ length: 51 }, () => critical) }, ['severityMap']],
    [{}, ['apiKeyId'], 'revoked'],
    [{}, ['apiKeyId'], 'reader'],
  ])('refuses %j, naming %j', (input, expected, apiKeyId) => {
    expect(problems(input, apiKeyId)).toEqual(expected);
  });

  it('finds no key that is not there', () => {
    expect(configure({}, 'unknown')).toMatchObject({ refusal: { code: 'NOT_FOUND' } });
  });

  it('stored before there was all of it is completed', () => {
    expect(completeIngest('{"version":2,"source":"shop"}')).toEqual({
      ...unconfigured,
      version: 2,
      source: 'shop',
    });
    expect(completeIngest(null)).toBe(unconfigured);
  });
});
