import type { IncidentRecord } from '../domain/incident/state.ts';
import type { AdministrationEntry, IncidentEntry, LedgerEntry } from '../domain/ledger/ledger.ts';
import type { FeedEntry } from '../feed/entry.ts';
import type { Change, CommitOutcome } from '../store/port.ts';
import type { AdministrationDraft, IncidentDraft } from './verdict.ts';

type Committed = Extract<CommitOutcome, { readonly kind: 'committed' }>;

/** The entries a committed change became, each with the incident right after it: made from memory, nothing is read. */
export function feedEntriesOf(
  organizationId: string,
  {
    change,
    draft,
    outcome,
  }: { change: Change; draft: IncidentDraft | AdministrationDraft; outcome: Committed },
): readonly FeedEntry[] {
  return change.events.map((event, index): FeedEntry => {
    const numbered = outcome.entries[index];
    if (numbered === undefined)
      throw new Error(`Event ${index} of command ${change.commandId} has no number.`);
    const entry = {
      organizationId,
      ledger: event.ledger,
      ...numbered,
      number: outcome.number,
      incidentId: event.incidentId,
      version: event.version,
      type: event.type,
      commandId: change.commandId,
      at: event.at,
      isPublic: event.isPublic,
      severity: event.severity,
      body: event.body,
      event: draft.events[index],
    } as LedgerEntry;
    if (draft.ledger === 'ADMINISTRATION') return { entry: entry as AdministrationEntry, after: null };
    const state = draft.states[index];
    const decided = draft.events[index];
    if (state === undefined || decided === undefined) throw new Error(`Event ${index} has no state.`);
    const after: IncidentRecord = {
      state,
      number: outcome.number,
      sequence: numbered.sequence,
      policyVersion: decided.policyVersion,
    };
    return { entry: entry as IncidentEntry, after };
  });
}
