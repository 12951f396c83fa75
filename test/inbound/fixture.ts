import { readFileSync } from 'node:fs';

/**
 * A body as a real sender wrote it: Alertmanager 0.25, its webhook and its PagerDuty receiver. Host and key are
 * replaced.
 */
export function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
}
