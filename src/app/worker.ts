import type { CommitOutcome, Loaded, LoadRequest } from '../store/port.ts';
import { announce } from './announce.ts';
import { OverloadedError } from './answer.ts';
import { apartFrom } from './apartFrom.ts';
import { BatchState } from './batchState.ts';
import { changesOf, type Drafted, draftedOf } from './changes.ts';
import { decideBatch } from './decideBatch.ts';
import type { Job, UncertainTry } from './job.ts';
import { loadRequestOf } from './loadRequest.ts';
import type { CommandQueue } from './queue.ts';
import { rebuildAnswer, recover } from './rebuild.ts';
import { type CommittedBatch, settleBatch } from './settleBatch.ts';
import { readFailure, storeFailure } from './storeFailure.ts';
import type { Decided } from './verdict.ts';
import type { WorkerRoom } from './workerRoom.ts';

/** A batch with what it was decided on, and when. */
interface DecidedBatch {
  readonly loaded: Loaded;
  readonly decided: readonly Decided[];
  readonly now: string;
}

/** Milliseconds to wait after a failure of the moment; doubles with each in a row. */
const shortestPause = 10;
const longestPause = 500;

/**
 * The worker of one organization: takes batches until none is left. Each is loaded, decided, committed and answered
 * before the next one is, unless that is of signals that have nothing to do with it: these are loaded and decided while
 * it is being committed. Whatever cannot be answered goes back to the queue.
 */
export class Worker {
  readonly #organizationId: string;
  readonly #queue: CommandQueue;
  readonly #room: WorkerRoom;
  #failuresInARow = 0;

  constructor(organizationId: string, queue: CommandQueue, room: WorkerRoom) {
    this.#organizationId = organizationId;
    this.#queue = queue;
    this.#room = room;
  }

  /**
   * Works until nothing waits; never rejects. `onIdle` is called in the very step in which nothing was found to wait
   * any more, so that nothing can slip in between.
   */
  async run(onIdle: () => void): Promise<void> {
    const { turns, monotonic } = this.#room;
    let next: DecidedBatch | null = null;
    while (next !== null || this.#queue.depth > 0) {
      if (next === null) {
        // Taken only now: what came while others had their turns goes with this batch.
        const turn = turns.take();
        if (turn !== null) await turn;
        next = await this.#prepare(this.#queue.take(monotonic()));
      }
      if (next !== null) {
        const committing = this.#finish(next);
        const ahead = await this.#ahead(next);
        next = (await committing) ? ahead : this.#unread(ahead);
      }
      // What was read ahead is committed with the turn of what went before.
      if (next === null) turns.give();
    }
    onIdle();
  }

  /** Loads and decides a batch; null when nothing of it is left to commit. */
  async #prepare(jobs: readonly Job[]): Promise<DecidedBatch | null> {
    // All that waited has waited too long meanwhile.
    if (jobs.length === 0) return null;
    try {
      const request = loadRequestOf(this.#organizationId, jobs);
      const recalled = this.#recall(jobs, request);
      if (recalled !== null) return recalled;
      const loaded = await this.#load(jobs, request);
      if (loaded === null) return null;
      return this.#decide(await this.#withoutRecovered(jobs, loaded), loaded);
    } catch (error) {
      this.#fault(jobs, error);
      return null;
    }
  }

  /** Whether the commit was answered. */
  async #finish(batch: DecidedBatch): Promise<boolean> {
    try {
      return await this.#commit(batch);
    } catch (error) {
      this.#fault(
        batch.decided.map(({ job }) => job),
        error,
      );
      return true;
    }
  }

  /** What failed goes first, people and timers among it: then what was read ahead of it is read again after it. */
  #unread(ahead: DecidedBatch | null): null {
    this.#queue.putBack(ahead?.decided.map(({ job }) => job) ?? []);
    return null;
  }

  /** A fault of the program's: whoever waits hears of it, and the worker goes on with the rest. */
  #fault(jobs: readonly Job[], error: unknown): void {
    this.#room.log.error({ err: error, organizationId: this.#organizationId }, 'A batch failed.');
    for (const job of jobs) job.reject(error);
  }

  /**
   * While a batch is being committed: loads and decides the next one, if it has nothing to do with it. What the two share
   * all the same, the commit compares, as with what another process decides. The load has a turn of its own, which nobody
   * waits for while what was read waits for the commit.
   */
  async #ahead(underWay: DecidedBatch): Promise<DecidedBatch | null> {
    const { turns, monotonic, store, limits } = this.#room;
    if (!turns.takeSpare()) return null;
    const apart = apartFrom(underWay.decided);
    const jobs = this.#queue.takeAhead(monotonic(), limits.aheadFrom, apart.job);
    try {
      if (jobs.length === 0) return null;
      const loaded = await store.load(loadRequestOf(this.#organizationId, jobs));
      if (loaded.incidents.every(({ state }) => apart.incident(state.id))) return this.#decide(jobs, loaded);
    } catch (error) {
      // Loaded once more when it is their turn, and then it matters.
      this.#room.log.warn(
        { err: error, organizationId: this.#organizationId },
        'A batch could not be read ahead.',
      );
    } finally {
      turns.give();
    }
    this.#queue.putBack(jobs);
    return null;
  }

  #decide(jobs: readonly Job[], loaded: Loaded): DecidedBatch {
    const { clock, newId } = this.#room;
    const now = clock.now();
    return { loaded, now, decided: decideBatch(jobs, { batch: new BatchState(loaded), now, newId }) };
  }

  /**
   * The batch decided on what this process remembers, if it is all to be committed: the commit then compares what it was
   * decided on. A refusal, or an answer that nothing has to be done, would rest on what may be old.
   */
  #recall(jobs: readonly Job[], request: LoadRequest): DecidedBatch | null {
    if (jobs.some(({ uncertain }) => uncertain.length > 0)) return null;
    const recalled = this.#room.remembered.recall(request);
    if (recalled === null) return null;
    const batch = this.#decide(jobs, recalled);
    return batch.decided.every(({ verdict }) => verdict.kind === 'draft') ? batch : null;
  }

  async #load(jobs: readonly Job[], request: LoadRequest): Promise<Loaded | null> {
    try {
      return await this.#room.store.load(request);
    } catch (error) {
      await this.#failed(jobs, error, 'load');
      return null;
    }
  }

  /** Answers the jobs of which an earlier try, of unknown outcome, turns out to have been committed. */
  async #withoutRecovered(jobs: readonly Job[], loaded: Loaded): Promise<readonly Job[]> {
    const open: Job[] = [];
    for (const job of jobs) {
      if (job.uncertain.length === 0 || !(await this.#isRecovered(job, loaded))) open.push(job);
    }
    return open;
  }

  /** Whether the job is dealt with: answered, or put back because the database could not be asked. */
  async #isRecovered(job: Job, loaded: Loaded): Promise<boolean> {
    try {
      const recovered = await recover(this.#room.store, job, loaded.incidents);
      if (recovered.kind === 'open') {
        job.uncertain = recovered.uncertain;
        return false;
      }
      job.resolve(recovered.answer);
      this.#room.inbox.ring(this.#organizationId);
    } catch (error) {
      await this.#failed([job], error, 'recovery');
    }
    return true;
  }

  /** False when the database did not answer, or refused. */
  async #commit({ loaded, decided, now }: DecidedBatch): Promise<boolean> {
    const drafted = draftedOf(decided);
    const changes = changesOf(drafted, loaded.policy);
    const organizationId = this.#organizationId;
    const policyVersion = loaded.policy.version;
    let outcomes: readonly CommitOutcome[] = [];
    try {
      if (changes.length > 0) {
        const { earlyClearings } = loaded;
        const batch = { organizationId, policyVersion, earlyClearings, changes, at: now };
        outcomes = await this.#room.store.commit(batch);
      }
    } catch (error) {
      await this.#commitFailed(decided, drafted, error);
      return false;
    }
    this.#failuresInARow = 0;
    this.#room.remembered.note({ organizationId, loaded, drafted, changes, outcomes });
    this.#settle({ organizationId, loaded, decided, changes, outcomes });
    return true;
  }

  /** The commit threw: all that was to be written is decided again, and all that may have rested on it. */
  async #commitFailed(
    decided: readonly Decided[],
    drafted: readonly Drafted[],
    error: unknown,
  ): Promise<void> {
    this.#room.remembered.forget(this.#organizationId, drafted);
    if (storeFailure(error) === 'unknown') {
      for (const { job, draft, partner } of drafted) {
        // Of two that are committed together, one tells of both.
        if (partner !== 'PREVIOUS') job.uncertain = [...job.uncertain, ...uncertainTry(draft, error)];
      }
    }
    const again: Job[] = [];
    for (const { job, verdict } of decided) {
      if (verdict.kind === 'failed') job.reject(verdict.error);
      else again.push(job);
    }
    await this.#failed(again, error, 'commit');
  }

  /** After a failed statement: alone if the database refused it, else again after a pause, but not for ever. */
  async #failed(jobs: readonly Job[], error: unknown, step: 'load' | 'recovery' | 'commit'): Promise<void> {
    const fields = { err: error, organizationId: this.#organizationId, step, commands: jobs.length };
    const failure = step === 'commit' ? storeFailure(error) : readFailure(error);
    if (failure === 'rejected') {
      this.#room.log.error(fields, 'The database refused a batch, or what it answered cannot be read.');
      const [only] = jobs;
      if (jobs.length === 1 && only !== undefined) return fail(only, error);
      for (const job of jobs) job.alone = true;
      return this.#queue.putBack(jobs);
    }
    this.#room.log.warn(fields, 'The database did not answer a batch; it is tried again.');
    const milliseconds = Math.min(longestPause, shortestPause * 2 ** this.#failuresInARow);
    this.#failuresInARow += 1;
    const { turns, pause } = this.#room;
    turns.give();
    await pause(milliseconds);
    await turns.take();
    this.#again(jobs);
  }

  /** Puts jobs back to be decided again, unless they have been at it for too long. */
  #again(jobs: readonly Job[]): void {
    const latest = this.#room.monotonic() - this.#room.limits.decideMilliseconds;
    const kept = jobs.filter((job) => {
      if (job.takenAt === null || job.takenAt > latest) return true;
      fail(job, new OverloadedError(1));
      return false;
    });
    this.#queue.putBack(kept);
  }

  #settle(batch: CommittedBatch): void {
    const { answers, failures, replays, again, news } = settleBatch(batch);
    try {
      announce(this.#room, this.#organizationId, { news, changes: batch.changes });
    } catch (error) {
      // It stays committed, and those put back will be: nobody may be told that anything failed.
      const { organizationId } = batch;
      this.#room.log.error({ err: error, organizationId }, 'What was committed could not be announced.');
    }
    for (const { job, answer } of answers) job.resolve(answer);
    for (const { job, error } of failures) job.reject(error);
    for (const { job, stored } of replays) {
      const rebuilt = rebuildAnswer(this.#room.store, this.#organizationId, stored)
        .then(job.resolve, job.reject)
        .then(() => void this.#room.rebuilding.delete(rebuilt));
      this.#room.rebuilding.add(rebuilt);
    }
    this.#again(again);
  }
}

/** Ends a job with this error; where an earlier try may have been committed, with what made that unknown instead. */
function fail(job: Job, error: unknown): void {
  job.reject(job.uncertain.at(-1)?.error ?? error);
}

/** What may have happened in a try without events needs no looking for: doing it again changes nothing. */
function uncertainTry(draft: Drafted['draft'], error: unknown): readonly UncertainTry[] {
  if (draft.events.length === 0) return [];
  if (draft.ledger === 'ADMINISTRATION') return [{ incidentId: null, base: 0, error }];
  const { incidentId, base } = draft;
  return incidentId === null || base === null ? [] : [{ incidentId, base, error }];
}
