import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/domain/incident/limits.ts';
import { textProblem } from '../../src/domain/textProblem.ts';
import { alertmanager } from '../../src/inbound/alertmanager.ts';
import { sha256 } from '../../src/inbound/keys.ts';
import type { SignalDelivery } from '../../src/inbound/translation.ts';
import { fixture } from './fixture.ts';
import { ingest, Switchboard } from './switchboard.ts';

const context = { apiKeyId: ingest.credentialId };

function commandsOf(body: unknown): readonly SignalDelivery[] {
  const translation = alertmanager(body, context);
  if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
  return translation.commands;
}

function onlyCommand(body: unknown): SignalDelivery {
  const [command, ...others] = commandsOf(body);
  if (command === undefined || others.length > 0) throw new Error(`There are ${others.length + 1} commands.`);
  return command;
}

function alertNumber(index: number, status = 'firing', labels: Record<string, string> = {}) {
  return {
    status,
    labels: { alertname: 'Burst', instance: `n-${index}`, severity: 'warning', ...labels },
    annotations: {},
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-01-01T01:00:00Z',
    generatorURL: '',
    fingerprint: `f${index}`,
  };
}

function group(alerts: readonly unknown[], more: Record<string, unknown> = {}) {
  const base = fixture('alertmanager-firing');
  return { ...base, commonAnnotations: {}, groupKey: '{}:{alertname="Burst"}', alerts, ...more };
}

describe('a real delivery', () => {
  it('that fires', () => {
    const body = fixture('alertmanager-firing');
    const command = onlyCommand(body);
    const [alert] = body.alerts as Record<string, unknown>[];
    expect(command).toMatchObject({
      dedupKey: `alertmanager:${ingest.credentialId}:{}:{alertname="HighErrorRate", cluster="eu-1"}`,
      severity: 'SEV1',
      cleared: [],
      resolve: false,
      declare: {
        title: 'Checkout answers 5 % errors',
        severity: 'SEV1',
        source: 'alertmanager',
        service: 'checkout',
        environment: 'production',
        detectedAt: '2026-11-20T19:44:10.000Z',
      },
    });
    expect(command.declare.externalRefs).toEqual([
      {
        system: 'alertmanager',
        id: '{}:{alertname="HighErrorRate", cluster="eu-1"}',
        url: 'http://alertmanager.example:9093/#/alerts?receiver=warroom',
      },
      {
        system: 'prometheus',
        id: '55823debedbb7c20',
        url: 'http://prometheus.example:9090/graph?g0.expr=rate',
      },
    ]);
    expect(command.firing).toHaveLength(2);
    const json = JSON.stringify(alert);
    expect(command.firing[0]).toEqual({
      type: 'ALERT',
      beganAt: '2026-11-20T19:44:27.000Z',
      source: 'alertmanager',
      summary: 'Checkout answers 5 % errors',
      severity: 'critical',
      raisesTo: 'SEV1',
      service: 'checkout',
      environment: 'production',
      project: null,
      data: { json, digest: sha256(json) },
      correlationKey: null,
      traceId: null,
      fingerprint: '55823debedbb7c20',
      at: new Date(String(alert?.startsAt)).toISOString(),
    });
  });

  it('that is partly resolved', () => {
    const command = onlyCommand(fixture('alertmanager-partly-resolved'));
    expect(command.firing.map(({ fingerprint }) => fingerprint)).toEqual(['55823debedbb7c20']);
    expect(command.cleared).toMatchObject([
      { fingerprint: '1b1cf47b608f1644', at: '2026-11-20T19:44:10.000Z' },
    ]);
    expect(command.resolve).toBe(false);
  });

  it('that is resolved', () => {
    const command = onlyCommand(fixture('alertmanager-resolved'));
    expect(command).toMatchObject({ firing: [], severity: null, resolve: true });
    expect(command.cleared).toHaveLength(1);
  });

  it('that was truncated: the rest counts as firing until the group is resolved', () => {
    const command = onlyCommand(fixture('alertmanager-truncated'));
    expect(command.declare.title).toBe('Burst');
    expect(command.severity).toBe('SEV4');
    expect(command.firing.map(({ fingerprint }) => fingerprint)).toEqual([
      '20fa1109e7f5feb7',
      'c43ce8f4e367aa40',
      'truncated',
    ]);
    expect(command.firing[2]?.summary).toBe(
      '3 more alerts of this group were left out by Alertmanager (max_alerts).',
    );
    expect(onlyCommand(fixture('alertmanager-truncated-resolved'))).toMatchObject({
      firing: [],
      resolve: true,
    });
  });

  it('shares an incident only with the same key and group', () => {
    const mine = onlyCommand(fixture('alertmanager-firing')).dedupKey;
    expect(onlyCommand(fixture('alertmanager-resolved')).dedupKey).toBe(mine);
    expect(onlyCommand(fixture('alertmanager-warning-firing')).dedupKey).not.toBe(mine);
    const other = alertmanager(fixture('alertmanager-firing'), { apiKeyId: 'another' });
    expect('commands' in other && other.commands[0]?.dedupKey).not.toBe(mine);
  });
});

describe('what it makes of labels', () => {
  const table: [string, Record<string, unknown>, Partial<SignalDelivery['declare']>][] = [
    ['the summary is the title', { commonAnnotations: { summary: 'Down' } }, { title: 'Down' }],
    [
      'else the name and what the group is by',
      { groupLabels: { alertname: 'Burst', cluster: 'eu' } },
      { title: 'Burst (cluster=eu)' },
    ],
    ['env is environment', { commonLabels: { env: 'staging' } }, { environment: 'staging' }],
    ['project', { commonLabels: { project: 'shop' } }, { project: 'shop' }],
    [
      'a runbook',
      { commonAnnotations: { runbook_url: 'https://r.example/x' } },
      { runbook: 'https://r.example/x' },
    ],
    [
      'description and labels',
      { commonAnnotations: { description: 'Why' }, commonLabels: { job: 'api' } },
      { description: 'Why\n\nLabels: job=api' },
    ],
  ];
  it.each(table)('%s', (_what, more, expected) => {
    expect(onlyCommand(group([alertNumber(1)], more)).declare).toMatchObject(expected);
  });

  it('the highest severity of what fires; what is cleared does not count', () => {
    const alerts = [
      alertNumber(1, 'firing', { severity: 'info' }),
      alertNumber(2, 'firing', { severity: 'error' }),
      alertNumber(3, 'resolved', { severity: 'critical' }),
    ];
    expect(onlyCommand(group(alerts))).toMatchObject({ severity: 'SEV2', declare: { severity: 'SEV2' } });
  });

  it('correlation key and trace', () => {
    const [signal] = onlyCommand(
      group([alertNumber(1, 'firing', { trace_id: 't1', correlation_key: 'c1' })]),
    ).firing;
    expect(signal).toMatchObject({ traceId: 't1', correlationKey: 'c1' });
  });

  it('labels make a fingerprint where Alertmanager sent none', () => {
    const { fingerprint: _none, ...old } = alertNumber(1);
    const reordered = { ...old, labels: Object.fromEntries(Object.entries(old.labels).toReversed()) };
    const [first] = onlyCommand(group([old])).firing;
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(onlyCommand(group([reordered])).firing[0]?.fingerprint).toBe(first?.fingerprint);
  });

  it('a long group key becomes its digest, and stays one key', () => {
    const long = { groupKey: `{}:{${'x'.repeat(5_000)}}` };
    const { dedupKey } = onlyCommand(group([alertNumber(1)], long));
    expect(dedupKey.length).toBeLessThanOrEqual(limits.key);
    expect(onlyCommand(group([alertNumber(2)], long)).dedupKey).toBe(dedupKey);
  });

  it('what is too large to keep is said, with its digest', () => {
    const huge = alertNumber(1, 'firing', { dump: 'x'.repeat(300_000) });
    const data = onlyCommand(group([huge])).firing[0]?.data;
    expect(JSON.parse(data?.json ?? '')).toMatchObject({ leftOut: { sha256: sha256(JSON.stringify(huge)) } });
    expect(data?.digest).toBe(sha256(data?.json ?? ''));
  });
});

describe('a long delivery', () => {
  const sizes: [number, number, number[]][] = [
    [64, 0, [64]],
    [65, 0, [64, 1]],
    [60, 10, [64, 6]],
    [0, 130, [64, 64, 2]],
  ];
  it.each(sizes)('of %i firing and %i cleared', (firing, cleared, parts) => {
    const alerts = [
      ...Array.from({ length: cleared }, (_, index) => alertNumber(1_000 + index, 'resolved')),
      ...Array.from({ length: firing }, (_, index) => alertNumber(index)),
    ];
    const status = firing === 0 ? 'resolved' : 'firing';
    const commands = commandsOf(group(alerts, { status }));
    expect(commands.map((command) => command.firing.length + command.cleared.length)).toEqual(parts);
    expect(commands.map(({ resolve }) => resolve)).toEqual(
      parts.map((_, index) => firing === 0 && index === parts.length - 1),
    );
    expect(new Set(commands.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    const all = commands.flatMap((command) => [...command.firing, ...command.cleared]);
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(firing + cleared);
  });

  it('of 1,000 alerts loses none, and resolves once', async () => {
    const switchboard = new Switchboard();
    const send = async (status: string) => {
      const alerts = Array.from({ length: 1_000 }, (_, index) => alertNumber(index, status));
      for (const input of commandsOf(group(alerts, { status }))) {
        await switchboard.handle({
          organizationId: ingest.organizationId,
          actor: ingest.actor,
          target: { by: 'dedupKey', key: input.dedupKey },
          command: { name: 'receiveSignals', input },
        });
      }
    };
    await send('firing');
    expect(switchboard.last.incident).toMatchObject({ signalCount: 1_000, openSignalCount: 1_000 });
    await send('firing');
    expect(switchboard.last.incident).toMatchObject({ signalCount: 1_000, openSignalCount: 1_000 });
    await send('resolved');
    expect(switchboard.last.incident).toMatchObject({ openSignalCount: 0, status: 'RESOLVED' });
    expect(switchboard.stories).toHaveLength(1);
  });

  it('without an alert: nothing, or only "resolved"', () => {
    expect(commandsOf(group([]))).toEqual([]);
    expect(onlyCommand(group([], { status: 'resolved' }))).toMatchObject({ resolve: true });
  });
});

it('whatever an alert says, the ledger accepts it', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constant('\u0000\ud800\n'));
  const texts = fc.dictionary(
    fc.constantFrom('alertname', 'severity', 'service', 'summary', 'description', 'env'),
    text,
  );
  fc.assert(
    fc.property(texts, texts, fc.string({ minLength: 1 }), (labels, annotations, groupKey) => {
      fc.pre(groupKey.trim() !== '');
      const alert = { ...alertNumber(1), labels, annotations };
      const body = group([alert], { groupKey, commonLabels: labels, commonAnnotations: annotations });
      const command = onlyCommand(body);
      const { declare, firing } = command;
      for (const value of [...Object.values(declare), ...Object.values(firing[0] ?? {}), command.dedupKey]) {
        if (typeof value === 'string') expect(textProblem(value, 0, limits.description)).toBeNull();
      }
      expect(textProblem(declare.title, 1, limits.title)).toBeNull();
      expect(textProblem(firing[0]?.summary ?? '', 1, limits.signalSummary)).toBeNull();
    }),
    { numRuns: 300 },
  );
});
