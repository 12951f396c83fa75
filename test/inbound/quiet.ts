import type { AlertBook } from '../../src/app/alertBook.ts';
import { createMappingEvaluator } from '../../src/inbound/mappingEvaluator.ts';
import type { InboundOptions } from '../../src/inbound/reception.ts';
import { ingest } from './switchboard.ts';

/** What the connectors are given where a test does not care: every secret is {@link ingest}'s, and nobody signs. */
export const quiet: Omit<InboundOptions, 'handle'> = {
  authenticateKey: () => ingest,
  log: { error: () => {} },
  changes: { note: async () => undefined },
  alerts: { note: async () => {} } as unknown as AlertBook,
  now: () => '2026-11-20T21:10:00.000Z',
  signingSecretOf: async () => null,
  mappings: createMappingEvaluator(),
  deadLetters: { keep: async () => {} },
  fetchFromAmazon: async () => {
    throw new Error('There is no Amazon here.');
  },
};

/** A body in one piece. */
export async function* once(body: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}
