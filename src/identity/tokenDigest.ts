import { createHash } from 'node:crypto';

/** What a session's token is kept as. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
