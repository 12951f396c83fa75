import type { IncidentRecord } from '../domain/incident/state.ts';
import type { LedgerEntry } from '../domain/ledger/ledger.ts';
import type { StoredRequest, WriteStore } from '../store/port.ts';
import type { Answer } from './answer.ts';
import type { Job, UncertainTry } from './job.ts';
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
    store.load(loadOfIncidents(organizationId, ids, stored.ledger)),
  ]);
  const incident = loaded.incidents[0] ?? null;
  const stood = loaded.administration?.sequence ?? loaded.headSequence;
  const sequence = stored.lastSequence ?? incident?.sequence ?? stood;
  return { kind: 'done', entries, sequence, incident, replayed: true };
}

/** What one load tells of the tries of a job whose outcomes are unknown. */
export type Recovered =
  | { readonly kind: 'done'; readonly answer: Answer }
  /** None was committed so far; those listed may be yet, unless the next try is committed first. */
  | { readonly kind: 'open'; readonly uncertain: readonly UncertainTry[] };

/**
 * Looks for the events of tries whose outcome is unknown. `loaded` are the incidents as just loaded: when one has not
 * passed the version a try was decided on, that try has not been committed, and the version check of the next try
 * keeps both from being. When it has, and the event there is another's, that try never will be.
 * @throws the database's error.
 */
export async function recover(
  store: WriteStore,
  job: Job,
  loaded: readonly IncidentRecord[],
): Promise<Recovered> {
  const { organizationId } = job.request;
  const open: UncertainTry[] = [];
  for (const uncertain of job.uncertain) {
    const { incidentId, base } = uncertain;
    const record = loaded.find(({ state }) => state.id === incidentId);
    if (incidentId === null) {
      const entries = await administrationEntriesOf(store, organizationId, job.commandId);
      if (entries.length > 0) return { kind: 'done', answer: doneAnswer(entries, null) };
    } else if (record !== undefined && record.state.version > base) {
      const first = await store.entryAtVersion(organizationId, incidentId, base + 1);
      if (first?.commandId !== job.commandId) continue;
      const entries = await incidentEntriesOf(store, first);
      return { kind: 'done', answer: doneAnswer(entries, record) };
    }
    open.push(uncertain);
  }
  return { kind: 'open', uncertain: open };
}

/** One command's entries are next to each other. */
async function incidentEntriesOf(store: WriteStore, first: LedgerEntry): Promise<readonly LedgerEntry[]> {
  const { organizationId, ledger, sequence, commandId, incidentId } = first;
  const page = await store.entries(organizationId, ledger, sequence, sequence + pageSize - 1);
  // A companion's entries come after them, and are no part of the answer.
  return page.filter((entry) => entry.commandId === commandId && entry.incidentId === incidentId);
}

/** The incident as it is now: what it was right after may have rested on others of the same try. */
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
