import type { SignalInput } from '../domain/incident/commands.ts';
import { sha256 } from './keys.ts';

/** The largest data of a signal, in bytes of UTF-8. */
const dataLimit = 256 * 1024;

/** What the source sent, as the signal's data. Too large to keep: how large it was, and its digest. */
export function signalData(raw: unknown): NonNullable<SignalInput['data']> {
  const json = JSON.stringify(raw);
  const digest = sha256(json);
  const bytes = Buffer.byteLength(json);
  if (bytes <= dataLimit) return { json, digest };
  const stand = JSON.stringify({ leftOut: `At most ${dataLimit} bytes are kept.`, bytes, sha256: digest });
  return { json: stand, digest: sha256(stand) };
}
