import { describe, expect, it } from 'vitest';
import type { IncidentSeverity } from '../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { alertmanager, grace, rootCause, Story, start } from '../support/given.ts';
import { clears, delivery, firing, received } from './deliveries.ts';

describe('when nobody holds the key', () => {
  it('what fires declares, holding the key, with one signal each', () => {
    const { story } = received(firing('a', 'warning'), firing('b', 'critical'));
    expect(story.events.map(({ type }) => type)).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_SIGNAL_INGESTED',
      'INCIDENT_SIGNAL_INGESTED',
    ]);
    expect(story.incident).toMatchObject({
      severity: 'SEV1',
      status: 'REPORTED',
      source: 'alertmanager',
      reportedBy: alertmanager,
      dedupKeys: ['group'],
      signalCount: 2,
      openSignalCount: 2,
    });
    expect(story.incident.severityRaisedAt).toBeNull();
  });

  it.each([
    ['clears', delivery([], clears('a'))],
    ['resolves', delivery([], { resolve: true })],
    ['acknowledges', delivery([], { acknowledge: { note: null } })],
  ])('what only %s changes nothing, and succeeds', (_what, input) => {
    const story = new Story();
    expect(story.do('receiveSignals', input, { by: alertmanager })).toEqual([]);
    expect(story.state).toBeNull();
  });

  it('keeps names once, data beside the ledger, and instants no later than now', () => {
    const story = new Story();
    const future = plusMinutes(start, 60);
    const place = { service: 'Checkout', environment: 'production', project: 'shop' };
    const data = { json: '{"a":1}', digest: 'd'.repeat(64) };
    const signals = [firing('a', 'page', { ...place, data, at: future }), firing('b', 'page', place)];
    const input = delivery(signals, {
      declare: { title: 'Down', severity: 'SEV1', ...place, detectedAt: future },
    });
    const decision = story.when('receiveSignals', input, { by: alertmanager });
    if (!decision.ok) throw new Error(decision.refusal.message);
    const [created, first, second] = decision.events;
    expect(created?.payload).toMatchObject({
      detectedAt: start,
      names: [{ name: 'Checkout' }, { name: 'shop' }],
    });
    expect(first?.payload).not.toHaveProperty('names');
    expect(first?.payload).toMatchObject({ dataDigest: data.digest, observedAt: start, firing: true });
    expect(second?.payload).toMatchObject({ dataDigest: null });
    expect(decision.signalData.map(({ json }) => json)).toEqual([data.json]);
    expect(first?.payload).toMatchObject({ signalId: decision.signalData[0]?.signalId });
  });

  it('a backdated alert whose SLA is past breaches with it', () => {
    const story = new Story();
    const declare = { title: 'Down', severity: 'SEV1', detectedAt: plusMinutes(start, -16) } as const;
    const types = story.do('receiveSignals', delivery([firing('a', 'page')], { declare }), {
      by: alertmanager,
    });
    expect(types).toContain('INCIDENT_SLA_BREACHED');
  });
});

describe('when an incident holds the key', () => {
  it('a known open signal is counted, without an event', () => {
    const { story } = received(firing('a', 'warning'));
    const again = story.when('receiveSignals', delivery([firing('a', 'warning')]), { by: alertmanager });
    expect(again).toMatchObject({ ok: true, events: [], signalRepeats: [{ at: plusMinutes(start, 1) }] });
  });

  it('a new one joins', () => {
    const { then } = received(firing('a', 'warning'));
    expect(then(delivery([firing('a', 'warning'), firing('b', 'warning')]))).toEqual([
      'INCIDENT_SIGNAL_INGESTED',
    ]);
  });

  it('a worse one raises, and says why', () => {
    const { story, then } = received(firing('a', 'warning'));
    expect(then(delivery([firing('b', 'critical')]))).toEqual([
      'INCIDENT_SIGNAL_INGESTED',
      'INCIDENT_SEVERITY_CHANGED',
      'INCIDENT_ESCALATED',
    ]);
    const raised = story.events.find((event) => event.type === 'INCIDENT_SEVERITY_CHANGED');
    expect(raised?.payload).toEqual({
      from: 'SEV3',
      to: 'SEV1',
      reason: 'alertmanager sent a signal of severity critical: b',
    });
  });

  it('a milder one never lowers', () => {
    const { story, then } = received(firing('a', 'critical'));
    expect(then(delivery([firing('b', 'info')]))).toEqual(['INCIDENT_SIGNAL_INGESTED']);
    expect(story.incident.severity).toBe('SEV1');
  });

  it('a repeat does not undo what a person decided', () => {
    const { story, then } = received(firing('a', 'critical'));
    story.do('changeIncidentSeverity', { severity: 'SEV4', reason: 'Only a test system' }, { by: grace });
    expect(then(delivery([firing('a', 'critical')]))).toEqual([]);
    expect(then(delivery([firing('a', 'critical'), firing('b', 'warning')]))).toEqual([
      'INCIDENT_SIGNAL_INGESTED',
      'INCIDENT_SEVERITY_CHANGED',
    ]);
    expect(story.incident.severity).toBe('SEV3');
  });

  it('a cleared signal that fires again is a new one', () => {
    const { then } = received(firing('a', 'critical'));
    then(delivery([], clears('a')));
    expect(then(delivery([firing('a', 'critical')]))).toEqual(['INCIDENT_SIGNAL_INGESTED']);
  });

  it('its correlation key joins, up to fifty', () => {
    const keys = Array.from({ length: 52 }, (_, index) =>
      firing(`f${index}`, 'info', { correlationKey: `k${index}` }),
    );
    const { story } = received(...keys);
    expect(story.incident.correlationKeys).toHaveLength(50);
    const joined = story.events.flatMap((event) =>
      event.type === 'INCIDENT_SIGNAL_INGESTED' ? [event.payload.keyJoined] : [],
    );
    expect(joined.filter(Boolean)).toHaveLength(50);
    expect(joined.slice(50)).toEqual([false, false]);
  });

  it('acknowledge acknowledges once', () => {
    const { story, then } = received(firing('a', 'critical'));
    const acknowledge = delivery([], { acknowledge: { note: 'Seen' } });
    expect(then(acknowledge)).toEqual(['INCIDENT_ACKNOWLEDGED']);
    expect(story.incident.acknowledgement).toMatchObject({
      actor: alertmanager,
      note: 'Seen',
      severity: 'SEV1',
    });
    expect(then(acknowledge)).toEqual([]);
  });

  it('more than 64 signals and clears are refused', () => {
    const many = Array.from({ length: 65 }, (_, index) => firing(`f${index}`, 'info'));
    expect(new Story().problems('receiveSignals', delivery(many), { by: alertmanager })).toEqual(['firing']);
  });
});

describe('when it is over', () => {
  const outcomes: Record<IncidentSeverity, 'RESOLVED' | 'REPORTED'> = {
    SEV1: 'REPORTED',
    SEV2: 'REPORTED',
    SEV3: 'RESOLVED',
    SEV4: 'RESOLVED',
  };
  const words = { SEV1: 'critical', SEV2: 'error', SEV3: 'warning', SEV4: 'info' } as const;
  const cases = Object.entries(outcomes) as [IncidentSeverity, 'RESOLVED' | 'REPORTED'][];

  it.each(cases)('%s resolved by its connector is %s, its signals cleared', (severity, status) => {
    const { story, then } = received(firing('a', words[severity]), firing('b', words[severity]));
    then(delivery([], { ...clears('a', 'b'), resolve: true }));
    expect(story.incident).toMatchObject({ status, openSignalCount: 0 });
    if (status === 'RESOLVED') {
      expect(story.events.at(-1)).toMatchObject({
        actor: alertmanager,
        payload: { automatic: true, because: 'CLEARED' },
      });
    }
  });

  it.each(cases)('%s whose last signal clears is %s too', (severity, status) => {
    const { story, then } = received(firing('a', words[severity]), firing('b', words[severity]));
    then(delivery([], clears('a')));
    expect(story.incident).toMatchObject({ status: 'REPORTED', openSignalCount: 1 });
    then(delivery([], clears('b')));
    expect(story.incident).toMatchObject({ status, openSignalCount: 0 });
  });

  it('the policy says which severities', () => {
    const story = new Story({ autoResolve: { ...defaultPolicy.autoResolve, resolveOnClear: ['SEV1'] } });
    story.do('receiveSignals', delivery([firing('a', 'critical')]), { by: alertmanager });
    story.do('receiveSignals', delivery([], { resolve: true }), { by: alertmanager });
    expect(story.incident.status).toBe('RESOLVED');
  });

  it('resolve clears what it does not name, once', () => {
    const { then } = received(firing('a', 'critical'), firing('b', 'critical'));
    const over = delivery([], { ...clears('a'), resolve: true });
    expect(then(over)).toEqual(['INCIDENT_SIGNAL_CLEARED', 'INCIDENT_SIGNAL_CLEARED']);
    expect(then(over)).toEqual([]);
  });

  it('what fires in the same delivery keeps it open', () => {
    const { story, then } = received(firing('a', 'warning'));
    then(delivery([firing('b', 'warning')], clears('a')));
    expect(story.incident).toMatchObject({ status: 'REPORTED', openSignalCount: 1 });
  });

  it.each([
    ['names what stopped', clears('a', 'b')],
    ['says that all is over', { resolve: true }],
    ['says that someone has it, too', { ...clears('a', 'b'), acknowledge: { note: null } }],
  ])('after a person resolved, a delivery that %s clears, and changes nothing else', (_what, over) => {
    const { story, then } = received(firing('a', 'warning'), firing('b', 'warning'));
    story.do('acknowledgeIncident', {});
    story.do('recordRootCause', rootCause);
    story.do('resolveIncident', { summary: 'Rolled back' });
    const before = story.incident;
    const events = then(delivery([], over));
    expect(events).toEqual(['INCIDENT_SIGNAL_CLEARED', 'INCIDENT_SIGNAL_CLEARED']);
    const { version, updatedAt, lastActivityAt } = story.incident;
    expect(version).toBe(before.version + 2);
    expect(story.incident).toEqual({ ...before, version, updatedAt, lastActivityAt, openSignalCount: 0 });
    expect(then(delivery([], over))).toEqual([]);
  });

  it('of a closed one nothing is cleared', () => {
    const { story, then } = received(firing('a', 'warning'));
    story.do('cancelIncident', { reason: 'False alarm' }, { by: grace });
    expect(then(delivery([], { ...clears('a'), resolve: true }))).toEqual([]);
  });

  it('an incident left open resolves by a person as ever', () => {
    const { story, then } = received(firing('a', 'critical'));
    then(delivery([], { resolve: true }));
    expect(story.refusal('resolveIncident', { summary: 'Done' }).kind).toBe('WorkflowGateError');
  });
});
