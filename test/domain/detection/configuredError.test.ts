import { describe, expect, it } from 'vitest';
import { checkedErrors } from '../../../src/domain/detection/checkedErrors.ts';
import { configuredError } from '../../../src/domain/detection/configuredError.ts';
import type { ErrorReport } from '../../../src/domain/detection/errorReport.ts';
import {
  type IngestConfiguration,
  type SeverityMapping,
  unconfigured,
} from '../../../src/domain/detection/ingestConfiguration.ts';

function read(error: Partial<ErrorReport>, configuration?: Partial<IngestConfiguration>): ErrorReport {
  const ingest = configuration && { ...unconfigured, version: 1, ...configuration };
  return configuredError({ severity: 'HIGH', source: 'shop', message: 'Timeout', ...error }, ingest);
}

describe('the severity of an error', () => {
  const map = (text: string, severity: SeverityMapping['severity']): Partial<IngestConfiguration> => ({
    severityMap: [{ text, severity }],
  });
  it.each<[string, string | null, Partial<IngestConfiguration> | undefined, string | null]>([
    ['its own, by a key that was never configured', 'High', undefined, 'High'],
    ['its own, in any case', ' high ', {}, 'HIGH'],
    ['P0 as it is told', 'p0', {}, 'P0'],
    ['what the key maps a word of its own to', 'Kritisch', map('kritisch', 'SEV1'), 'CRITICAL'],
    ['what the key maps one of ours up to', 'low', map('low', 'SEV2'), 'HIGH'],
    ['what the key maps a harmless one down to', 'medium', map('medium', 'SEV4'), 'LOW'],
    ['HIGH where the key would have CRITICAL be less', 'CRITICAL', map('critical', 'SEV4'), 'HIGH'],
    ['HIGH where the key would have P1 be less', 'P1', map('p1', 'SEV3'), 'HIGH'],
    ['the default for a word on no list', 'dreadful', { defaultSeverity: 'SEV2' }, 'HIGH'],
    ['the default for none', null, { defaultSeverity: 'SEV4' }, 'LOW'],
    ['its own before the default', 'LOW', { defaultSeverity: 'SEV1' }, 'LOW'],
    ['nothing, where no one says', 'dreadful', {}, 'dreadful'],
  ])('is %s', (_what, severity, configuration, expected) => {
    expect(read({ severity }, configuration).severity).toBe(expected);
  });
});

it('what an error leaves out is what its key says, and what it says stays', () => {
  const place = { source: 'key', service: 'checkout', project: 'store', environment: 'eu' };
  expect(read({ source: ' ', component: null }, place)).toMatchObject({
    source: 'key',
    component: 'checkout',
    project: 'store',
    environment: 'eu',
  });
  const own = { source: 'shop', component: 'db', project: 'p', environment: 'us' };
  expect(read(own, place)).toMatchObject(own);
});

it('an error of no source or severity is refused where its key names neither', () => {
  const refused = checkedErrors([read({ source: null, severity: null }, {})]);
  expect(refused).toMatchObject({
    kind: 'ValidationError',
    fields: [{ path: ['errors', '0', 'severity'] }, { path: ['errors', '0', 'source'] }],
  });
});
