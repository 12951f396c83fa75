import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { datadog, datadogTemplate } from '../../src/inbound/datadog.ts';
import type { SignalDelivery } from '../../src/inbound/translation.ts';
import { ingest, Switchboard } from './switchboard.ts';

const context = { apiKeyId: ingest.credentialId };

/** What Datadog makes of the template: every variable replaced, the empty ones by nothing. */
function sent(values: Partial<Record<keyof typeof datadogTemplate, string>> = {}): Record<string, string> {
  const usual: Record<keyof typeof datadogTemplate, string> = {
    cycle_key: '3187512947120348',
    aggregation_key: '9bd4ac313a4d1e8fae2482df7b77628',
    transition: 'Triggered',
    alert_type: 'error',
    priority: '',
    alert_id: '1234567',
    title: 'Checkout errors on service:checkout',
    event_title: '[Triggered] Checkout errors',
    message: 'More than 5 % of requests fail.',
    scope: 'service:checkout',
    hostname: 'web-1',
    tags: 'env:production,monitor,service:checkout',
    link: 'https://app.datadoghq.com/event/event?id=1',
    date: '1795203850000',
  };
  return { ...usual, ...values };
}

function onlyCommand(body: unknown): SignalDelivery {
  const translation = datadog(body, context);
  if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
  const [command] = translation.commands;
  if (command === undefined) throw new Error('There is no command.');
  return command;
}

async function delivered(...bodies: readonly unknown[]): Promise<Switchboard> {
  const switchboard = new Switchboard();
  for (const body of bodies) {
    const input = onlyCommand(body);
    await switchboard.handle({
      organizationId: ingest.organizationId,
      actor: ingest.actor,
      target: { by: 'dedupKey', key: input.dedupKey },
      command: { name: 'receiveSignals', input },
    });
  }
  return switchboard;
}

describe('a monitor', () => {
  it('that triggers', () => {
    expect(onlyCommand(sent())).toMatchObject({
      dedupKey: `datadog:${ingest.credentialId}:3187512947120348`,
      severity: 'SEV2',
      resolve: false,
      declare: {
        title: 'Checkout errors on service:checkout',
        description: 'More than 5 % of requests fail.',
        severity: 'SEV2',
        source: 'datadog',
        service: 'checkout',
        environment: 'production',
        detectedAt: '2026-11-20T19:44:10.000Z',
        externalRefs: [
          { system: 'datadog', id: '1234567', url: 'https://app.datadoghq.com/event/event?id=1' },
        ],
      },
    });
  });

  const severities = [
    [{ priority: 'P1' }, 'SEV1'],
    [{ priority: 'p3' }, 'SEV3'],
    [{ priority: 'P5' }, 'SEV4'],
    [{ priority: '$ALERT_PRIORITY' }, 'SEV2'],
    [{ alert_type: 'warning' }, 'SEV3'],
    [{ alert_type: 'success' }, 'SEV3'],
  ] as const;
  it.each(severities)('of %o is %s', (values, severity) => {
    expect(onlyCommand(sent(values)).severity).toBe(severity);
  });

  it('that recovers is over, and resolves where the policy lets it', async () => {
    const warning = { alert_type: 'warning', transition: 'Warn' };
    const { last, stories } = await delivered(sent(warning), sent({ transition: 'Recovered' }));
    expect(stories).toHaveLength(1);
    expect(last.incident).toMatchObject({ status: 'RESOLVED', openSignalCount: 0 });
  });

  it.each(['Re-Triggered', 'No Data', 'Re-No Data', 'Renotify', 'Warn'])(
    'on %s still fires',
    (transition) => {
      expect(onlyCommand(sent({ transition })).firing).toHaveLength(1);
    },
  );

  it('that gets worse raises the incident; one that repeats does not', async () => {
    const warns = sent({ alert_type: 'warning', transition: 'Warn' });
    const { last } = await delivered(warns, warns, sent());
    expect(last.incident).toMatchObject({ severity: 'SEV2', signalCount: 2 });
  });

  it('without a cycle is told apart by its aggregation', () => {
    expect(onlyCommand(sent({ cycle_key: '$ALERT_CYCLE_KEY' })).dedupKey).toContain('9bd4ac31');
  });
});

it.each([
  ['nothing', null, []],
  ['no transition', sent({ transition: '' }), ['transition']],
  ['no key at all', sent({ cycle_key: '', aggregation_key: '', alert_id: '' }), ['cycle_key']],
])('%s is refused with the field', (_what, body, path) => {
  const translation = datadog(body, context);
  expect('problems' in translation && translation.problems.map((problem) => problem.path)).toEqual([path]);
});

it('the payload to paste is the one in docs/connectors.md', () => {
  const documented = readFileSync(new URL('../../docs/connectors.md', import.meta.url), 'utf8');
  expect(documented).toContain(JSON.stringify(datadogTemplate, null, 2));
});
