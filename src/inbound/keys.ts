import { hash } from 'node:crypto';
import { limits } from '../domain/incident/limits.ts';
import type { Instant } from '../domain/instant.ts';
import { clip } from './clip.ts';

/**
 * What an incident of a connector is found again by: the format, the API key it came with, and the source's own key,
 * so that two keys never share an incident. A source's key that is long or odd is replaced by its SHA-256.
 */
export function dedupKeyOf(format: string, apiKeyId: string, sourceKey: string): string {
  const prefix = `${format}:${apiKeyId}:`;
  return prefix + keyText(sourceKey, limits.key - prefix.length);
}

/** A key as it is when it is short and clean; its SHA-256 otherwise, as cutting it could make two keys one. */
export function keyText(key: string, max: number = limits.key): string {
  return key.length <= max && clip(key, max) === key ? key : sha256(key);
}

/**
 * Since when something fires whose dedup key is never used again once it is over: it is the only episode of its key, which
 * began before whatever end is told.
 */
export const episodeOfKey: Instant = '1970-01-01T00:00:00.000Z';

/** SHA-256 of bytes, or of a text's UTF-8; hexadecimal. */
export function sha256(of: string | Uint8Array): string {
  return hash('sha256', of, 'hex');
}
