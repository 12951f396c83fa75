import { describe, expect, it } from 'vitest';
import { alertmanager } from '../../src/inbound/alertmanager.ts';
import { fixture } from './fixture.ts';

function problemsOf(body: unknown): string[] {
  const translation = alertmanager(body, { apiKeyId: 'key' });
  return 'problems' in translation ? translation.problems.map(({ path }) => path.join('.')) : [];
}

describe('a malformed body names the field', () => {
  const ok = fixture('alertmanager-firing');
  const alerts = ok.alerts as Record<string, unknown>[];
  const withAlert = (more: Record<string, unknown>) => ({
    ...ok,
    alerts: [alerts[0], { ...alerts[1], ...more }],
  });
  const table: [string, unknown, string[]][] = [
    ['a list', [], ['']],
    ['null', null, ['']],
    ['nothing', {}, ['version', 'groupKey', 'status', 'alerts']],
    ['another version', { ...ok, version: '3' }, ['version']],
    ['an odd status', { ...ok, status: 'maybe' }, ['status']],
    ['a blank group key', { ...ok, groupKey: ' ' }, ['groupKey']],
    ['alerts that are no list', { ...ok, alerts: {} }, ['alerts']],
    ['an alert that is no object', { ...ok, alerts: [1] }, ['alerts.0', 'alerts.0.status']],
    ['an odd alert status', withAlert({ status: 'x' }), ['alerts.1.status']],
    ['labels that are no object', withAlert({ labels: 'x' }), ['alerts.1.labels']],
    ['a label that is no text', withAlert({ labels: { a: 1 } }), ['alerts.1.labels.a']],
    ['an annotation that is no text', withAlert({ annotations: { a: {} } }), ['alerts.1.annotations.a']],
    ['an odd instant', withAlert({ startsAt: 'yesterday' }), ['alerts.1.startsAt']],
    ['a fingerprint that is no text', withAlert({ fingerprint: 7 }), ['alerts.1.fingerprint']],
    ['a negative count', { ...ok, truncatedAlerts: -1 }, ['truncatedAlerts']],
  ];
  it.each(table)('%s', (_what, body, paths) => {
    expect(problemsOf(body)).toEqual(paths);
  });

  it('at most twenty problems are told', () => {
    expect(problemsOf({ ...ok, alerts: Array.from({ length: 500 }, () => 1) })).toHaveLength(20);
  });
});
