import type { LedgerHead as Head, SignedHead } from '../../domain/ledger/head.ts';
import { ledgerHead } from '../../store/read/ledgerHead.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { LedgerEnum } from '../enums.ts';

const LedgerHead = builder.objectRef<Head & Partial<SignedHead>>('LedgerHead').implement({
  description:
    'The end of a ledger at one moment. A saved copy proves later that nothing before it was changed or cut off.',
  fields: (t) => ({
    ledger: t.expose('ledger', { type: LedgerEnum, description: 'Which ledger.' }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description: 'Sequence of its latest entry; 0 when it has none.',
    }),
    hash: t.exposeString('hash', { description: '`hash` of its latest entry; 64 zeros when it has none.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When its latest entry was written.' }),
    signature: t.exposeString('signature', {
      nullable: true,
      description: 'Ed25519 signature, base64; null when this installation has no signing key.',
    }),
    keyId: t.exposeString('keyId', { nullable: true, description: 'Which key signed it.' }),
    publicKey: t.exposeString('publicKey', {
      nullable: true,
      description: 'The public key to check the signature with, PEM.',
    }),
  }),
});

builder.queryField('ledgerHead', (t) =>
  t.field({
    type: LedgerHead,
    description:
      'The end of a ledger. To miss nothing, read its `sequence` first and subscribe with it as `after`.',
    args: {
      ledger: t.arg({
        type: LedgerEnum,
        required: true,
        defaultValue: 'INCIDENTS',
        description: 'Which ledger; ADMINISTRATION is for administrators.',
      }),
    },
    resolve: async (_root, { ledger }, context) => {
      authorizeRead(ledger === 'INCIDENTS' ? 'ledgerHead' : 'administrationLedgerHead', context);
      const head = await ledgerHead(readScope(context), ledger);
      if (head === null) throw new Error(`The organization has no ledger ${ledger}.`);
      return context.signHead ? context.signHead(head) : head;
    },
  }),
);
