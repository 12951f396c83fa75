import type { SignalInput } from '../domain/incident/commands.ts';
import { isJsonObject } from './fieldReader.ts';
import { fitJson } from './fitJson.ts';
import { sha256 } from './keys.ts';

/** The largest data of a signal, in bytes of UTF-8. */
const dataLimit = 256 * 1024;

/** What says that something was left out takes less than this, in bytes. */
const noteSize = 256;

/**
 * What the source sent, as the signal's data. Of what is too large to keep whole as much as fits, under its own names,
 * and in `leftOut` how large it was, and its digest.
 */
export function signalData(raw: unknown): NonNullable<SignalInput['data']> {
  const json = JSON.stringify(raw);
  const digest = sha256(json);
  const bytes = Buffer.byteLength(json);
  if (bytes <= dataLimit) return { json, digest };
  const leftOut = { reason: `At most ${dataLimit} bytes are kept.`, bytes, sha256: digest };
  const part = isJsonObject(raw) ? fitJson(raw, dataLimit - noteSize) : undefined;
  const kept = JSON.stringify({ ...(isJsonObject(part) ? part : null), leftOut });
  return { json: kept, digest: sha256(kept) };
}
