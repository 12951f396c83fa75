import { readConfig } from '../config.ts';
import { ledgers } from '../domain/ledger/ledger.ts';
import { createLog } from '../log.ts';
import { createHeadSigner } from '../store/headSigner.ts';
import { openLedgerSource } from './openLedgerSource.ts';

/** `warroom head`: prints every ledger's head, one JSON line each, signed when a signing key is set. */
export async function headCommand(): Promise<void> {
  const config = readConfig(process.env);
  const sign = config.signingKey ? createHeadSigner(config.signingKey) : null;
  const source = await openLedgerSource(config, createLog(config.logLevel));
  try {
    for (const { id } of await source.organizations()) {
      for (const ledger of ledgers) {
        const head = await source.head(id, ledger);
        if (head) process.stdout.write(`${JSON.stringify(sign ? sign(head) : head)}\n`);
      }
    }
  } finally {
    await source.close();
  }
}
