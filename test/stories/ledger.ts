import { post } from '../support/graphqlClient.ts';
import { storyKey } from '../support/serverProcess.ts';

/** An event of the ledger as stories compare it. */
export interface LedgerEvent {
  readonly sequence: number;
  readonly hash: string;
  readonly type: string;
  readonly at: string;
  readonly message: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly incident: { readonly id: string };
}

/** Every event of the incidents ledger after `after`, read page by page. */
export async function wholeLedger(url: string, after = 0): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  for (;;) {
    const answer = await post<{ incidentEvents: { nodes: LedgerEvent[] } }>(
      url,
      storyKey,
      'query($after: SafeInt!) { incidentEvents(afterSequence: $after, first: 100) { nodes { sequence hash type at message payload incident { id } } } }',
      { after: events.at(-1)?.sequence ?? after },
    );
    if (answer.data === null) throw new Error(JSON.stringify(answer.errors));
    events.push(...answer.data.incidentEvents.nodes);
    if (answer.data.incidentEvents.nodes.length < 100) return events;
  }
}
