import type { IncidentRecord } from '../domain/incident/state.ts';
import type { LedgerEntry } from '../domain/ledger/ledger.ts';
import type { StoredRequest, WriteStore } from '../store/port.ts';
import type { Answer } from './answer.ts';
import type { Job, Uncertain } from './job.ts';
import { loadOfIncidents } from './loadRequest.ts';

/** Entries one read answers. */
const pageSize = 1_000;

/**
 * The answer to a request that was carried out before: the same entries and sequence, and the incident as it is now.
 * @throws the database's error.
 */
export async function rebuildAnswer(
  store: WriteStore,
  organizationId: string,
  stored: StoredRequest,
): Promise<Answer> {
  const ids = stored.incidentId === null ? [] : [stored.incidentId];
  const [entries, loaded] = await Promise.all([
    stored.firstSequence === null || stored.lastSequence === null
      ? []
      : store.entries(organizationId, stored.ledger, stored.firstSequence, stored.lastSequence),
    store.load(loadOfIncidents(organizationId, ids)),
  ]);
  const incident = loaded.incidents[0] ?? null;
  const sequence = stored.lastSequence ?? incident?.sequence ?? loaded.headSequence;
  return { kind: 'done', entries, sequence, incident, replayed: true };
}

/** What is known of a commit whose connection died: done with this answer, or not done as far as one load can tell. */
export type Recovered =
  | { readonly kind: 'done'; readonly answer: Answer }
  /** Another command took its place: that try can never be committed any more. */
  | { readonly kind: 'never' }
  | { readonly kind: 'not yet' };

/**
 * Looks for the events of a try whose outcome is unknown. `loaded` are the incidents as just loaded: when its own has not
 * passed the version the try was decided on, that try has not been committed, and the version check of the next try
 * keeps both from being.
 */
export async function recover(
  store: WriteStore,
  job: Job,
  uncertain: Uncertain,
  loaded: readonly IncidentRecord[],
): Promise<Recovered> {
  const { organizationId } = job.request;
  if (uncertain.ledger === 'ADMINISTRATION') {
    const entries = await administrationEntriesOf(store, organizationId, job.commandId);
    if (entries.length === 0) return { kind: 'not yet' };
    return { kind: 'done', answer: doneAnswer(entries, null) };
  }
  const { incidentId, base } = uncertain;
  const record = loaded.find(({ state }) => state.id === incidentId);
  if ((record?.state.version ?? 0) <= base) return { kind: 'not yet' };
  const first = await store.entryAtVersion(organizationId, incidentId, base + 1);
  if (first === null) return { kind: 'not yet' };
  if (first.commandId !== job.commandId) return { kind: 'never' };
  const last = first.sequence + uncertain.events - 1;
  const entries = await store.entries(organizationId, 'INCIDENTS', first.sequence, last);
  const incident: IncidentRecord = {
    state: uncertain.after,
    number: first.number,
    sequence: last,
    policyVersion: uncertain.policyVersion,
  };
  return { kind: 'done', answer: doneAnswer(entries, incident) };
}

function doneAnswer(entries: readonly LedgerEntry[], incident: IncidentRecord | null): Answer {
  const sequence = entries.at(-1)?.sequence ?? 0;
  return { kind: 'done', entries, sequence, incident, replayed: false };
}

/** The administration ledger is short (policies, members, keys) and asked only after a connection died: read it whole. */
async function administrationEntriesOf(
  store: WriteStore,
  organizationId: string,
  commandId: string,
): Promise<readonly LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  for (let first = 1; ; first += pageSize) {
    const page = await store.entries(organizationId, 'ADMINISTRATION', first, first + pageSize - 1);
    found.push(...page.filter((entry) => entry.commandId === commandId));
    if (page.length < pageSize) return found;
  }
}
