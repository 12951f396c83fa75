import type { Facts } from '../domain/incident/decision.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Clock } from '../store/clock.ts';
import { load } from '../store/load.ts';
import type { ReadScope } from '../store/read/scope.ts';
import { OverloadedError } from './answer.ts';
import { BatchState } from './batchState.ts';
import { decideBatch } from './decideBatch.ts';
import { jobOf } from './job.ts';
import { type IncidentRequest, loadRequestOf } from './loadRequest.ts';
import type { Verdict } from './verdict.ts';

/** Where and when a rehearsal takes place. */
export interface Stage {
  readonly database: ReadScope['database'];
  readonly clock: Clock;
  /** A fresh UUID. */
  readonly newId: () => string;
}

/** What a command would come to, and what it was decided on. */
export interface Rehearsal {
  readonly verdict: Exclude<Verdict, { readonly kind: 'later' }>;
  readonly policy: Policy;
  readonly facts: Pick<Facts, 'name'>;
}

/** The most times that a decision asks for more: each kind of thing that is looked up later, once, and one to spare. */
const roundsAtMost = 4;

/**
 * What a command would come to if it were carried out now, alone: loaded and decided as the worker of its organization
 * does it, and not committed.
 * @throws OverloadedError when what it needs to know changes all the time, and what the database throws.
 */
export async function rehearse(
  request: IncidentRequest,
  { database, clock, newId }: Stage,
): Promise<Rehearsal> {
  const { job } = jobOf(request, { queuedAt: 0, newId });
  for (let round = 1; round <= roundsAtMost; round++) {
    const batch = new BatchState(await load(database, loadRequestOf(request.organizationId, [job])));
    const { policy } = batch;
    const facts = batch.factsOf(job.newIncidentId, nothing, () => true);
    const [decided] = decideBatch([job], { batch, now: clock.now(), newId });
    if (decided === undefined) throw new Error('A command was not decided.');
    const { verdict } = decided;
    if (verdict.kind !== 'later') return { verdict, policy, facts };
  }
  throw new OverloadedError(1);
}

function nothing(): void {}
