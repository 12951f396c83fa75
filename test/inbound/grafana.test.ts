import { describe, expect, it } from 'vitest';
import { grafana } from '../../src/inbound/grafana.ts';
import type { SignalDelivery } from '../../src/inbound/translation.ts';
import { fixture } from './fixture.ts';
import { ingest, Switchboard } from './switchboard.ts';

const context = { apiKeyId: ingest.credentialId };
const firing = fixture('grafana-firing');

function onlyCommand(body: unknown): SignalDelivery {
  const translation = grafana(body, context);
  if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
  const [command, ...others] = translation.commands;
  if (command === undefined || others.length > 0) throw new Error(`There are ${others.length + 1} commands.`);
  return command;
}

function resolved(): Record<string, unknown> {
  const [alert] = firing.alerts as Record<string, unknown>[];
  const alerts = [{ ...alert, status: 'resolved', endsAt: '2026-11-20T20:59:10+01:00' }];
  return { ...firing, status: 'resolved', state: 'ok', alerts };
}

describe('a delivery', () => {
  it('that fires', () => {
    const command = onlyCommand(firing);
    expect(command).toMatchObject({
      severity: 'SEV1',
      resolve: false,
      declare: {
        title: 'Checkout errors (grafana_folder=Shop)',
        severity: 'SEV1',
        source: 'grafana',
        service: 'checkout',
        runbook: 'https://runbooks.example/checkout',
        detectedAt: '2026-11-20T19:44:10.157Z',
      },
    });
    expect(command.declare.externalRefs?.map(({ system, url }) => [system, url])).toEqual([
      ['grafana', 'https://grafana.example/'],
      ['grafana rule', 'https://grafana.example/alerting/grafana/fe1/view?orgId=1'],
      ['grafana dashboard', 'https://grafana.example/d/shop?orgId=1'],
      ['grafana panel', 'https://grafana.example/d/shop?orgId=1&viewPanel=2'],
    ]);
    expect(command.firing).toMatchObject([
      { source: 'grafana', summary: 'Checkout answers 5 % errors', fingerprint: 'c6eadffa33fcdf37' },
    ]);
  });

  it('that is resolved clears its signals and leaves a SEV1 to a person', async () => {
    const switchboard = new Switchboard();
    for (const body of [firing, firing, resolved()]) {
      const input = onlyCommand(body);
      await switchboard.handle({
        organizationId: ingest.organizationId,
        actor: ingest.actor,
        target: { by: 'dedupKey', key: input.dedupKey },
        command: { name: 'receiveSignals', input },
      });
    }
    expect(switchboard.stories).toHaveLength(1);
    expect(switchboard.last.incident).toMatchObject({
      status: 'REPORTED',
      signalCount: 1,
      openSignalCount: 0,
    });
  });

  it('shares no incident with the same group of Alertmanager', () => {
    expect(onlyCommand(firing).dedupKey).toMatch(/^grafana:/);
  });

  it('without dashboard and panel names neither', () => {
    const [alert] = firing.alerts as Record<string, unknown>[];
    const alerts = [{ ...alert, dashboardURL: '', panelURL: undefined }];
    expect(onlyCommand({ ...firing, alerts }).declare.externalRefs).toHaveLength(2);
  });
});

it.each([
  ['of another version', { version: '4' }, ['version']],
  ['without a group key', { groupKey: undefined }, ['groupKey']],
  ['without alerts', { alerts: undefined }, ['alerts']],
  ['in another state', { status: 'pending' }, ['status']],
])('a body %s is refused with the field', (_what, more, path) => {
  const translation = grafana({ ...firing, ...more }, context);
  expect('problems' in translation && translation.problems.map((problem) => problem.path)).toEqual([path]);
});
