import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SavedHead } from '../../src/app/ledgerWalk.ts';
import { verify } from '../../src/app/verify.ts';
import { createHeadSigner } from '../../src/store/headSigner.ts';
import type { LedgerRow } from '../../src/store/ledgerSource.ts';
import {
  headOf,
  type MemoryLedger,
  memoryLedger,
  memoryLedgerSource,
  rechain,
} from '../support/memoryLedger.ts';
import { tamperings } from '../support/tampering.ts';

const sound = memoryLedger(20);
const now = sound.head.at;

async function firstBad(ledger: MemoryLedger, savedHeads?: SavedHead[]): Promise<number | null> {
  const report = await verify({
    source: memoryLedgerSource(ledger),
    now,
    ...(savedHeads === undefined ? {} : { savedHeads }),
  });
  return report.tampering[0]?.sequence ?? null;
}

describe('verify', () => {
  test('a sound ledger has nothing wrong', async () => {
    const report = await verify({ source: memoryLedgerSource(sound), now });
    expect(report).toEqual({ organizations: 1, events: 60, tampering: [], differences: [] });
  });

  test('1,000 random tamperings: every one is found, at its first bad sequence', async () => {
    const tampering = fc.record({
      kind: fc.constantFrom(...Object.keys(tamperings)),
      at: fc.integer({ min: 0, max: sound.rows.length - 1 }),
      other: fc.nat({ max: 9_999 }),
    });
    await fc.assert(
      fc.asyncProperty(tampering, async ({ kind, at, other }) => {
        const made = tamperings[kind]?.(sound.rows, at, other);
        if (made === undefined) throw new Error(kind);
        expect(await firstBad({ ...sound, rows: [...made.rows] })).toBe(made.bad);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a cut tail is found by the head row, and by a saved head when the head row was cut with it', async () => {
    const rows = sound.rows.slice(0, 40);
    expect(await firstBad({ ...sound, rows })).toBe(41);
    expect(await firstBad({ ...sound, rows, head: headOf(rows) })).toBeNull();
    expect(await firstBad({ ...sound, rows, head: headOf(rows) }, [sound.head])).toBe(41);
  });

  test('an event put at the end, with a hash that fits, is found by the head row', async () => {
    const last = sound.rows.at(-1) as LedgerRow;
    const rows = rechain([...sound.rows, { ...last, sequence: last.sequence + 1 }], sound.rows.length);
    expect(await firstBad({ ...sound, rows, head: headOf(rows) })).toBeNull();
    expect(await firstBad({ ...sound, rows })).toBe(61);
  });

  test('a full rewrite is consistent in itself, and found by a saved head', async () => {
    const forged = sound.rows.with(10, {
      ...(sound.rows[10] as LedgerRow),
      body: (sound.rows[10] as LedgerRow).body.replace('"n":', '"m":'),
    });
    const rows = rechain(forged, 10);
    expect(await firstBad({ ...sound, rows, head: headOf(rows) })).toBeNull();
    expect(await firstBad({ ...sound, rows, head: headOf(rows) }, [sound.head])).toBe(60);
  });

  test('an older saved head still lies on the chain after the ledger has grown', async () => {
    const early = headOf(sound.rows.slice(0, 25));
    expect(await firstBad(sound, [early, sound.head])).toBeNull();
    expect(await firstBad(sound, [{ ...early, hash: 'f'.repeat(64) }])).toBe(25);
  });

  test('a signed head holds; one altered, or signed by a key that is not trusted, does not', async () => {
    const signer = createHeadSigner(generateKeyPairSync('ed25519').privateKey);
    const signed = signer(sound.head);
    const source = memoryLedgerSource(sound);
    const problems = async (savedHeads: SavedHead[], trustedKeyIds?: string[]) =>
      (await verify({ source, now, savedHeads, ...(trustedKeyIds ? { trustedKeyIds } : {}) })).tampering.map(
        (one) => one.problem,
      );
    expect(await problems([signed], [signed.keyId])).toEqual([]);
    expect(await problems([{ ...signed, at: '2020-01-01T00:00:00.000Z' }])).toEqual([
      'the signature of the saved head does not hold',
    ]);
    expect(await problems([signed], ['0000000000000000'])).toEqual([
      `the saved head is signed by ${signed.keyId}, which is not trusted`,
    ]);
    expect(await problems([sound.head], [signed.keyId])).toEqual(['the saved head is not signed']);
  });

  test('a head that another key signed in the name of a trusted one does not hold', async () => {
    const trusted = createHeadSigner(generateKeyPairSync('ed25519').privateKey)(sound.head);
    const other = createHeadSigner(generateKeyPairSync('ed25519').privateKey)(sound.head);
    const report = await verify({
      source: memoryLedgerSource(sound),
      now,
      savedHeads: [{ ...other, keyId: trusted.keyId }],
      trustedKeyIds: [trusted.keyId],
    });
    expect(report.tampering.map(({ problem }) => problem)).toEqual([
      'the signature of the saved head does not hold',
    ]);
  });

  test('a saved head of an organization that is gone is tampering, not silence', async () => {
    const gone = { ...sound.head, organizationId: '01900000-0000-7000-8000-0000000000ff' };
    expect(await firstBad(sound, [gone])).toBe(1);
  });
});
