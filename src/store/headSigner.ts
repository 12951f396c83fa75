import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { headText, type LedgerHead, type SignedHead } from '../domain/ledger/head.ts';

/** Signs heads with the organization-wide key of this installation. */
export type SignHead = (head: LedgerHead) => SignedHead;

/** The DER wrapping that turns a bare 32-byte Ed25519 seed into PKCS #8. Source: RFC 8410, section 7. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Reads an Ed25519 private key: PEM (PKCS #8), or the 32-byte seed in base64 or hexadecimal.
 * @throws Error with one line that says what is wrong, never the key.
 */
export function readSigningKey(text: string): KeyObject {
  const trimmed = text.trim();
  if (trimmed.includes('BEGIN')) {
    const key = createPrivateKey(trimmed.replaceAll('\\n', '\n'));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key is not an Ed25519 private key');
    return key;
  }
  const seed = Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? 'hex' : 'base64');
  if (seed.length !== 32)
    throw new Error('the key is neither PEM nor a 32-byte seed in base64 or hexadecimal');
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
}

/** A signer with this private key. */
export function createHeadSigner(privateKey: KeyObject): SignHead {
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  return (head) => ({
    ...head,
    signature: sign(null, Buffer.from(headText(head)), privateKey).toString('base64'),
    keyId,
    publicKey: pem,
  });
}

/** What a key is called by: the first 16 hexadecimal characters of the SHA-256 of its SPKI bytes. */
function keyIdOf(publicKey: KeyObject): string {
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(spki).digest('hex').slice(0, 16);
}

/**
 * Whether the signature is the named key's over exactly this head: the key beside it must be the one its `keyId`
 * names, or anybody could sign in the name of another. A malformed key or signature is simply false.
 */
export function isSignatureValid(head: SignedHead): boolean {
  try {
    const key = createPublicKey(head.publicKey);
    if (key.asymmetricKeyType !== 'ed25519' || keyIdOf(key) !== head.keyId) return false;
    return verify(null, Buffer.from(headText(head)), key, Buffer.from(head.signature, 'base64'));
  } catch {
    return false;
  }
}
