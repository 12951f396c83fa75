import { readFileSync } from 'node:fs';

/**
 * A body as a sender wrote it. Those of Alertmanager 0.25 (its webhook and its PagerDuty receiver) were recorded, host
 * and key replaced; those of Grafana, Sentry and CloudWatch are the published ones with what a test needs filled in. Below
 * `published/` they are as published: where each is from, published.test.ts says.
 */
export function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
}
