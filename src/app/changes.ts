import { deadlinesOf } from '../domain/incident/deadlines.ts';
import { type IncidentRecord, type IncidentState, stateShape } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { changeEventOf } from '../store/changeEvent.ts';
import { engagementRows } from '../store/engagementRows.ts';
import { changedListRow } from '../store/listRow.ts';
import type { Change, DeadlineRow, TableRows } from '../store/port.ts';
import { mergeRows, rowsOf } from '../store/projection.ts';
import type { Job } from './job.ts';
import { type AdministrationDraft, type Decided, type IncidentDraft, moves } from './verdict.ts';

/** A snapshot is kept of every 32nd version, so that a state at any event folds at most 31. Source: architecture.md, State. */
const snapshotEvery = 32;

/** A job with what it is about to commit. */
export interface Drafted {
  readonly job: Job;
  readonly draft: IncidentDraft | AdministrationDraft;
  /** Of two drafts of one job, committed together or not at all, where the other is; the first has the answer. */
  readonly partner?: 'NEXT' | 'PREVIOUS';
}

/** What the jobs of a batch are about to commit, in order. */
export function draftedOf(decided: readonly Decided[]): readonly Drafted[] {
  return decided.flatMap(({ job, verdict }): Drafted[] => {
    if (verdict.kind !== 'draft') return [];
    const { draft, companion } = verdict;
    if (companion == null) return [{ job, draft }];
    return [
      { job, draft, partner: 'NEXT' },
      { job, draft: companion, partner: 'PREVIOUS' },
    ];
  });
}

/** All a batch's changes of one incident together: written once, with the last of them. */
interface Group {
  last: IncidentDraft;
  readonly loaded: IncidentRecord | null;
  /** Since when it blocks sessions, as loaded. */
  readonly gate: Instant | null;
  planned: boolean;
  moved: boolean;
  readonly snapshots: { readonly version: number; readonly at: string; readonly state: string }[];
}

/** The changes of a batch as the store commits them, one per draft, in order. */
export function changesOf(drafted: readonly Drafted[], policy: Policy): readonly Change[] {
  const groups = new Map<string, Group>();
  for (const { draft } of drafted) {
    if (draft.ledger === 'INCIDENTS' && draft.incidentId !== null) gather(groups, draft.incidentId, draft);
  }
  return drafted.map(({ job, draft, partner }) => {
    if (draft.ledger === 'ADMINISTRATION') return administrationChange(job, draft);
    const change = incidentChange(job, draft, groups, policy);
    if (partner === undefined) return change;
    return { ...change, partner, request: partner === 'NEXT' ? change.request : null };
  });
}

function gather(groups: Map<string, Group>, incidentId: string, draft: IncidentDraft): void {
  let group = groups.get(incidentId);
  if (group === undefined) {
    const { loaded, gate } = draft;
    group = { last: draft, loaded, gate: gate.before, planned: false, moved: false, snapshots: [] };
    groups.set(incidentId, group);
  }
  if (moves(draft) || draft.planned) group.last = draft;
  group.planned ||= draft.planned;
  group.moved ||= moves(draft);
  for (const state of draft.states) {
    if (state.version % snapshotEvery !== 0) continue;
    group.snapshots.push({ version: state.version, at: state.updatedAt, state: JSON.stringify(state) });
  }
}

function incidentChange(
  job: Job,
  draft: IncidentDraft,
  groups: ReadonlyMap<string, Group>,
  policy: Policy,
): Change {
  const group = draft.incidentId === null ? undefined : groups.get(draft.incidentId);
  const carries = group?.last === draft ? group : null;
  const { rows, deletes } = projected(draft);
  return {
    incidentId: draft.incidentId,
    baseVersion: draft.base,
    administrationSequence: null,
    commandId: job.commandId,
    events: [...draft.events, ...draft.administrationEvents].map(changeEventOf),
    incident: carries === null ? null : storedIncident(carries, policy),
    rows,
    deletes,
    deadlines: carries === null ? null : deadlineSet(carries, policy),
    dedupKeys: draft.keys,
    gate: draft.gate,
    request: job.request.request ?? null,
  };
}

function administrationChange(job: Job, draft: AdministrationDraft): Change {
  const { rows, deletes } = projected(draft);
  return {
    incidentId: null,
    baseVersion: draft.base,
    administrationSequence: draft.sequence,
    commandId: job.commandId,
    events: draft.events.map(changeEventOf),
    incident: null,
    rows,
    deletes,
    deadlines: null,
    dedupKeys: null,
    request: job.request.request ?? null,
  };
}

function projected(draft: IncidentDraft | AdministrationDraft): {
  readonly rows: TableRows;
  readonly deletes: TableRows;
} {
  const beside = draft.ledger === 'INCIDENTS' ? draft.administrationEvents : [];
  const projections = [...draft.events, ...beside].map(rowsOf);
  const { extra } = draft;
  const engagement =
    draft.ledger === 'INCIDENTS'
      ? draft.events.map((event) => engagementRows(event, draft.after?.mode ?? 'STANDARD'))
      : [];
  return {
    rows: mergeRows([...projections.map(({ rows }) => rows), ...engagement, extra]),
    deletes: mergeRows(projections.map(({ deletes }) => deletes)),
  };
}

/** Whether the incident was last planned under another policy than this. */
function isPlannedAnew({ loaded }: Group, policy: Policy): boolean {
  return loaded === null || loaded.policyVersion !== policy.version;
}

function storedIncident(group: Group, policy: Policy): Change['incident'] {
  const { loaded, last, snapshots } = group;
  const { after } = last;
  if (after === null || (!group.moved && !isPlannedAnew(group, policy))) return null;
  const { description, notes, ...state } = after;
  // Text search looks into the title, too.
  const isTextSame =
    loaded?.state.description === description &&
    loaded.state.notes === notes &&
    loaded.state.title === after.title;
  return {
    shape: stateShape,
    state: JSON.stringify(state),
    policyVersion: policy.version,
    text: isTextSame ? null : { description, notes },
    snapshots,
    list: changedListRow(loaded, after, policy),
  };
}

/**
 * The whole set, or null when what is stored serves as well. A timer's is always written: its row must not stay due.
 */
function deadlineSet(group: Group, policy: Policy): readonly DeadlineRow[] | null {
  const { last, loaded, gate } = group;
  if (last.after === null) return null;
  const rows = rowsOfDeadlines(last.after, policy, last.gate.after);
  if (group.planned || loaded === null || isPlannedAnew(group, policy)) return rows;
  return serves(rowsOfDeadlines(loaded.state, policy, gate), rows) ? null : rows;
}

function rowsOfDeadlines(
  state: IncidentState,
  policy: Policy,
  gateBlockedAt: Instant | null,
): readonly DeadlineRow[] {
  return deadlinesOf(state, policy, gateBlockedAt).map(({ kind, key, dueAt }) => ({ kind, key, dueAt }));
}

/**
 * Whether rows written for the plan of before serve this one: the same deadlines, none of them sooner. One that has
 * moved on is looked at when its row says, found to be early, and then planned anew; every note moves auto-resolution on,
 * and hardly any of these moves has to be written.
 */
function serves(before: readonly DeadlineRow[], now: readonly DeadlineRow[]): boolean {
  if (before.length !== now.length) return false;
  const stored = new Map(before.map((row) => [`${row.kind} ${row.key}`, row.dueAt]));
  return now.every(({ kind, key, dueAt }) => {
    const storedDueAt = stored.get(`${kind} ${key}`);
    return storedDueAt !== undefined && storedDueAt <= dueAt;
  });
}
