import type { Instant } from '../instant.ts';
import type { Ledger } from './ledger.ts';

/** The end of a ledger at one moment: what a saved copy of proves that nothing before it was changed or cut. */
export interface LedgerHead {
  readonly organizationId: string;
  readonly ledger: Ledger;
  /** 0 and 64 zeros when the ledger is empty. */
  readonly sequence: number;
  /** Lower-case hexadecimal. */
  readonly hash: string;
  readonly at: Instant;
}

/** A head with its Ed25519 signature over {@link headText}. */
export interface SignedHead extends LedgerHead {
  /** Base64. */
  readonly signature: string;
  /** First 16 hexadecimal characters of the SHA-256 of the public key's SPKI bytes. */
  readonly keyId: string;
  /** PEM (SPKI). */
  readonly publicKey: string;
}

/** The exact text a head's signature covers: one line a field, the format's name first. */
export function headText(head: LedgerHead): string {
  return ['warroom.head.1', head.organizationId, head.ledger, String(head.sequence), head.hash, head.at].join(
    '\n',
  );
}
