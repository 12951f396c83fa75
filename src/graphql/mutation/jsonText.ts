import { createHash } from 'node:crypto';

/** A JSON value as the text that is kept, with its SHA-256 (hexadecimal), which is what the ledger holds. */
export function jsonText(value: unknown): { readonly json: string; readonly digest: string } {
  const json = JSON.stringify(value);
  return { json, digest: createHash('sha256').update(json).digest('hex') };
}
