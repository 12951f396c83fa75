import { describe, expect, it } from 'vitest';
import { isMoreSevere, mostSevere } from '../../src/domain/detection/mostSevere.ts';
import {
  severityOfLabel,
  severityOfOpsgeniePriority,
  severityOfReportedError,
} from '../../src/domain/detection/severityReading.ts';
import type { IncidentSeverity } from '../../src/domain/incident/vocabulary.ts';

describe('severity', () => {
  const table: [string, (text: string) => IncidentSeverity, IncidentSeverity][] = [
    ['P0', severityOfReportedError, 'SEV1'],
    ['P1', severityOfReportedError, 'SEV2'],
    ['P2', severityOfReportedError, 'SEV3'],
    ['CRITICAL', severityOfReportedError, 'SEV1'],
    ['HIGH', severityOfReportedError, 'SEV2'],
    ['MEDIUM', severityOfReportedError, 'SEV3'],
    ['LOW', severityOfReportedError, 'SEV4'],
    ['P1', severityOfOpsgeniePriority, 'SEV1'],
    ['P2', severityOfOpsgeniePriority, 'SEV2'],
    ['P3', severityOfOpsgeniePriority, 'SEV3'],
    ['P4', severityOfOpsgeniePriority, 'SEV4'],
    ['P5', severityOfOpsgeniePriority, 'SEV4'],
    ['critical', severityOfLabel, 'SEV1'],
    ['page', severityOfLabel, 'SEV1'],
    ['error', severityOfLabel, 'SEV2'],
    ['high', severityOfLabel, 'SEV2'],
    ['warning', severityOfLabel, 'SEV3'],
    ['medium', severityOfLabel, 'SEV3'],
    ['info', severityOfLabel, 'SEV4'],
    ['low', severityOfLabel, 'SEV4'],
    ['none', severityOfLabel, 'SEV3'],
    ['constructor', severityOfLabel, 'SEV3'],
    [' Critical ', severityOfLabel, 'SEV1'],
  ];
  it.each(table)('%s', (text, read, severity) => {
    expect(read(text)).toBe(severity);
  });

  it("anything else, and nothing, is the key's default", () => {
    expect(severityOfLabel('whatever', 'SEV2')).toBe('SEV2');
    expect(severityOfLabel(null)).toBe('SEV3');
    expect(severityOfLabel(undefined, 'SEV4')).toBe('SEV4');
  });

  it('compares', () => {
    expect(isMoreSevere('SEV1', 'SEV2')).toBe(true);
    expect(isMoreSevere('SEV2', 'SEV2')).toBe(false);
    expect(mostSevere(['SEV3', 'SEV1', 'SEV4'])).toBe('SEV1');
    expect(mostSevere([])).toBeNull();
  });
});
