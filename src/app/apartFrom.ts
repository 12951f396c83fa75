import type { Job } from './job.ts';
import type { Decided } from './verdict.ts';

/** What has nothing to do with a batch that is being committed. */
export interface Apart {
  /** Whether this is a delivery of signals by a key that the batch does not touch. */
  job(job: Job): boolean;
  /** Whether the batch leaves this incident alone. */
  incident(incidentId: string): boolean;
}

/** Tells what has nothing to do with this batch; where the batch may touch more than it names, nothing is apart. */
export function apartFrom(decided: readonly Decided[]): Apart {
  const keys = new Set<string>();
  const incidents = new Set<string>();
  for (const { job, verdict } of decided) {
    const { target } = job.request;
    if (target.by === 'dedupKey' || target.by === 'releasedKey') keys.add(target.key);
    if (target.by === 'administration') return nothingApart;
    if (target.by === 'id') incidents.add(target.incidentId);
    if (verdict.kind !== 'draft') continue;
    for (const draft of [verdict.draft, verdict.companion]) {
      if (draft == null) continue;
      if (draft.ledger === 'ADMINISTRATION') return nothingApart;
      if (draft.incidentId !== null) incidents.add(draft.incidentId);
    }
  }
  return {
    job: ({ request: { command, target } }) =>
      command.name === 'receiveSignals' && target.by === 'dedupKey' && !keys.has(target.key),
    incident: (incidentId) => !incidents.has(incidentId),
  };
}

const nothingApart: Apart = { job: () => false, incident: () => false };
