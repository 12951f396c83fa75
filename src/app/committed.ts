import type { IncidentRecord } from '../domain/incident/state.ts';
import type { AdministrationEntry, IncidentEntry, LedgerEntry } from '../domain/ledger/ledger.ts';
import type { LedgerFeedEntry } from '../feed/entry.ts';
import type { Change, CommitOutcome } from '../store/port.ts';
import type { AdministrationDraft, IncidentDraft } from './verdict.ts';

type Committed = Extract<CommitOutcome, { readonly kind: 'committed' }>;

/**
 * The entries a committed change became, of an incident's each with the incident right after it: made from memory,
 * nothing is read.
 */
export function feedEntriesOf(
  organizationId: string,
  {
    change,
    draft,
    outcome,
  }: { change: Change; draft: IncidentDraft | AdministrationDraft; outcome: Committed },
): readonly LedgerFeedEntry[] {
  const decided =
    draft.ledger === 'INCIDENTS' ? [...draft.events, ...draft.administrationEvents] : draft.events;
  return change.events.map((event, index): LedgerFeedEntry => {
    const numbered = outcome.entries[index];
    if (numbered === undefined)
      throw new Error(`Event ${index} of command ${change.commandId} has no number.`);
    const entry = {
      organizationId,
      ledger: event.ledger,
      ...numbered,
      number: event.ledger === 'INCIDENTS' ? outcome.number : 0,
      incidentId: event.incidentId,
      version: event.version,
      type: event.type,
      commandId: change.commandId,
      at: event.at,
      isPublic: event.isPublic,
      severity: event.severity,
      body: event.body,
      event: decided[index],
    } as LedgerEntry;
    if (event.ledger === 'ADMINISTRATION') return { entry: entry as AdministrationEntry, after: null };
    return {
      entry: entry as IncidentEntry,
      after: recordAfter(draft, index, outcome.number, numbered.sequence),
    };
  });
}

function recordAfter(
  draft: IncidentDraft | AdministrationDraft,
  index: number,
  number: number,
  sequence: number,
): IncidentRecord {
  const state = draft.ledger === 'INCIDENTS' ? draft.states[index] : undefined;
  const decided = draft.events[index];
  if (state === undefined || decided === undefined) throw new Error(`Event ${index} has no state.`);
  return { state, number, sequence, policyVersion: decided.policyVersion };
}
