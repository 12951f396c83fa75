import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/freePort.ts';

/** An alert as it is posted to Alertmanager. */
export interface Alert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/** A real Alertmanager that sends everything to one receiver within seconds. */
export interface AlertmanagerProcess {
  send(alerts: readonly Alert[], times?: { startsAt?: string; endsAt?: string }): Promise<void>;
  stop(): void;
}

/** Starts one whose receiver is configured by `receiver`, lines of YAML. */
export async function startAlertmanager(receiver: readonly string[]): Promise<AlertmanagerProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-alertmanager-'));
  const config = join(directory, 'alertmanager.yml');
  const lines = [
    'route:',
    '  receiver: warroom',
    '  group_by: [alertname]',
    '  group_wait: 1s',
    '  group_interval: 1s',
    '  repeat_interval: 1h',
    'receivers:',
    '  - name: warroom',
    ...receiver.map((line) => `    ${line}`),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const port = await freePort();
  const api = `http://127.0.0.1:${port}/api/v2`;
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  await until(async () => (await fetch(`${api}/status`).catch(() => null))?.ok === true, 20_000);
  return {
    async send(alerts, times = {}) {
      const response = await fetch(`${api}/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts.map((alert) => ({ ...alert, ...times }))),
      });
      if (response.status !== 200) throw new Error(`Alertmanager answers ${response.status}.`);
    },
    stop() {
      child.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Resolves once it holds. @throws Error after `limit` milliseconds, with what `output` says. */
export async function until(
  holds: () => Promise<boolean>,
  limit: number,
  output: () => string = () => '',
): Promise<void> {
  const end = performance.now() + limit;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${limit} ms\n${output()}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
