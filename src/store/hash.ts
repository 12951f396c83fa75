import { hash } from 'node:crypto';
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

/** Bytes before the body: 'warroom.1', organization, ledger, sequence, number, previous hash. */
const bodyAt = 9 + 16 + 1 + 8 + 8 + 32;

/** What is hashed is laid out here, never while another is: hashing does not wait. Larger ones get room of their own. */
const room = Buffer.alloc(65_536);
room.write('warroom.1', 'latin1');

/**
 * The hash of a ledger entry, hexadecimal; the twin of what `warroom.commit` computes: SHA-256 of 'warroom.1', the
 * organization (16 bytes), the ledger (1), sequence and number (int8, big-endian), the previous hash (32), the body.
 */
export function entryHash({
  organizationId,
  ledger,
  sequence,
  number,
  previousHash,
  body,
}: HashedEntry): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  const most = bodyAt + 3 * body.length;
  const bytes = most <= room.length ? room : Buffer.concat([room.subarray(0, 9)], most);
  // Whatever is too short to fill its place leaves nothing of the entry before it.
  bytes.fill(0, 9, bodyAt);
  bytes.write(organizationId.replaceAll('-', ''), 9, 'hex');
  bytes[25] = ledgers.indexOf(ledger);
  writeInteger(bytes, sequence, 26);
  writeInteger(bytes, number, 34);
  bytes.write(previousHash, 42, 'hex');
  const length = bytes.write(body, bodyAt, 'utf8');
  return hash('sha256', bytes.subarray(0, bodyAt + length), 'hex');
}

/** int8, big-endian; a safe integer, as every sequence and number is. */
function writeInteger(bytes: Buffer, value: number, at: number): void {
  bytes.writeInt32BE(Math.floor(value / 2 ** 32), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}
