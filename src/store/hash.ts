import { createHash } from 'node:crypto';
import { type Ledger, ledgers } from '../domain/ledger/ledger.ts';

/** What one link of a chain covers. */
export interface HashedEntry {
  readonly organizationId: string;
  readonly ledger: Ledger;
  readonly sequence: number;
  /** The incident's number; 0 in ADMINISTRATION. */
  readonly number: number;
  /** Hexadecimal, 64 characters; {@link firstPreviousHash} for the first entry. */
  readonly previousHash: string;
  readonly body: string;
}

/** What the first entry of a ledger follows: 32 zero bytes. */
export const firstPreviousHash = '0'.repeat(64);

const format = Buffer.from('warroom.1');

/**
 * The hash of a ledger entry, hexadecimal; the twin of what `warroom.commit` computes: SHA-256 of 'warroom.1', the
 * organization (16 bytes), the ledger (1), sequence and number (int8, big-endian), the previous hash (32), the body.
 */
export function entryHash(entry: HashedEntry): string {
  const numbers = Buffer.alloc(17);
  numbers.writeUInt8(ledgers.indexOf(entry.ledger), 0);
  numbers.writeBigInt64BE(BigInt(entry.sequence), 1);
  numbers.writeBigInt64BE(BigInt(entry.number), 9);
  return createHash('sha256')
    .update(format)
    .update(Buffer.from(entry.organizationId.replaceAll('-', ''), 'hex'))
    .update(numbers)
    .update(Buffer.from(entry.previousHash, 'hex'))
    .update(entry.body, 'utf8')
    .digest('hex');
}
