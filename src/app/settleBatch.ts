import type { IncidentRecord, IncidentState } from '../domain/incident/state.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { LedgerFeedEntry } from '../feed/entry.ts';
import type { Change, CommitOutcome, Loaded, StoredRequest } from '../store/port.ts';
import type { Answer } from './answer.ts';
import { feedEntriesOf } from './committed.ts';
import { answeredBefore } from './decideBatch.ts';
import type { Job } from './job.ts';
import { isForAdministration } from './loadRequest.ts';
import type { AdministrationDraft, Decided, IncidentDraft } from './verdict.ts';

/** A batch after its commit: the changes are those of its drafts, in order, and the outcomes those of the changes. */
export interface CommittedBatch {
  readonly organizationId: string;
  readonly loaded: Loaded;
  readonly decided: readonly Decided[];
  readonly changes: readonly Change[];
  readonly outcomes: readonly CommitOutcome[];
}

/** What is to be done about every job of a batch. */
export interface Settlement {
  readonly answers: readonly { readonly job: Job; readonly answer: Answer }[];
  readonly failures: readonly { readonly job: Job; readonly error: unknown }[];
  /** Carried out before: their answers are to be read back from the ledger. */
  readonly replays: readonly { readonly job: Job; readonly stored: StoredRequest }[];
  /** To be decided again: overtaken, or resting on something that was. */
  readonly again: readonly Job[];
  /** What was committed, of each ledger in sequence order. */
  readonly news: readonly LedgerFeedEntry[];
}

/** Works out what became of every command of a batch. Reads and waits for nothing. */
export function settleBatch(batch: CommittedBatch): Settlement {
  const settling = new Settling(batch);
  for (const decided of batch.decided) settling.settle(decided);
  return settling;
}

type Standing = Omit<IncidentRecord, 'state'>;

class Settling implements Settlement {
  readonly answers: { readonly job: Job; readonly answer: Answer }[] = [];
  readonly failures: { readonly job: Job; readonly error: unknown }[] = [];
  readonly replays: { readonly job: Job; readonly stored: StoredRequest }[] = [];
  readonly again: Job[] = [];
  readonly news: LedgerFeedEntry[] = [];
  readonly #batch: CommittedBatch;
  /** Number and latest sequence of each incident, as the changes so far leave them. */
  readonly #standing = new Map<string, Standing>();
  #index = 0;
  /** A change before this one was not committed: what was decided without writing may have rested on it. */
  #overtaken = false;

  constructor(batch: CommittedBatch) {
    this.#batch = batch;
    for (const record of batch.loaded.incidents) this.#standing.set(record.state.id, record);
  }

  settle({ job, verdict }: Decided): void {
    switch (verdict.kind) {
      case 'failed':
        this.failures.push({ job, error: verdict.error });
        return;
      case 'replay':
        this.replays.push({ job, stored: verdict.stored });
        return;
      case 'later':
        this.again.push(job);
        return;
      case 'draft':
        this.#draft(job, verdict.draft, verdict.companion ?? null);
        return;
      default:
        if (this.#overtaken) this.again.push(job);
        else if (verdict.kind === 'refused') this.#refuse(job, verdict.refusal);
        else this.#done(job, [], verdict.state);
    }
  }

  #draft(job: Job, draft: IncidentDraft | AdministrationDraft, companion: IncidentDraft | null): void {
    const { change, outcome } = this.#next(job);
    const beside = companion === null ? null : { ...this.#next(job), draft: companion };
    if (outcome.kind === 'committed') {
      const entries = this.#committed(job, { change, draft, outcome });
      if (beside !== null) this.#committed(job, beside);
      // What an incident's change noted for administrators is no part of its answer.
      const own = entries.filter(({ entry }) => entry.ledger === draft.ledger);
      this.#done(job, own, draft.ledger === 'INCIDENTS' ? draft.after : null);
      return;
    }
    this.#overtaken = true;
    if (outcome.kind === 'replayed' && job.request.request) {
      const verdict = answeredBefore(job.request.request, outcome.request);
      if (verdict.kind === 'replay') this.replays.push({ job, stored: verdict.stored });
      else if (verdict.kind === 'refused') this.#refuse(job, verdict.refusal);
      return;
    }
    this.again.push(job);
  }

  #next(job: Job): { readonly change: Change; readonly outcome: CommitOutcome } {
    const change = this.#batch.changes[this.#index];
    const outcome = this.#batch.outcomes[this.#index];
    this.#index += 1;
    if (change === undefined || outcome === undefined) {
      throw new Error(`The commit answered nothing for command ${job.commandId}.`);
    }
    return { change, outcome };
  }

  #committed(
    job: Job,
    {
      change,
      draft,
      outcome,
    }: { change: Change; draft: IncidentDraft | AdministrationDraft; outcome: CommitOutcome },
  ): readonly LedgerFeedEntry[] {
    if (outcome.kind !== 'committed') throw new Error(`Command ${job.commandId} was committed by half.`);
    const entries = feedEntriesOf(this.#batch.organizationId, { change, draft, outcome });
    this.#note(draft, entries);
    return entries;
  }

  #note(draft: IncidentDraft | AdministrationDraft, entries: readonly LedgerFeedEntry[]): void {
    for (const entry of entries) this.news.push(entry);
    const last = entries.findLast(({ after }) => after !== null)?.after;
    if (last && draft.ledger === 'INCIDENTS') this.#standing.set(last.state.id, last);
  }

  #refuse(job: Job, refusal: Refusal): void {
    this.answers.push({ job, answer: { kind: 'refused', refusal } });
  }

  #done(job: Job, entries: readonly LedgerFeedEntry[], state: IncidentState | null): void {
    const standing = state === null ? undefined : this.#standing.get(state.id);
    const incident: IncidentRecord | null =
      state === null || standing === undefined
        ? null
        : {
            state,
            number: standing.number,
            sequence: standing.sequence,
            policyVersion: standing.policyVersion,
          };
    const { headSequence, administration } = this.#batch.loaded;
    const stood = isForAdministration(job.request) ? (administration?.sequence ?? 0) : headSequence;
    const sequence = entries.at(-1)?.entry.sequence ?? incident?.sequence ?? stood;
    this.answers.push({
      job,
      answer: {
        kind: 'done',
        entries: entries.map(({ entry }) => entry),
        sequence,
        incident,
        replayed: false,
      },
    });
  }
}
