import { ledgers } from '../domain/ledger/ledger.ts';
import type { Database } from './database.ts';
import { encodeChanges } from './encodeChanges.ts';
import type { Change, CommitBatch, CommitOutcome } from './port.ts';

/** What `warroom.commit` answers: outcomes of the changes, and by position of the event what it became. */
interface WireAnswer {
  /** Left out when all is committed; then there are the numbers of the incidents, by where each is first changed. */
  readonly outcomes?: readonly WireOutcome[];
  readonly numbers?: readonly (number | null)[];
  readonly sequences: readonly (number | null)[];
  readonly previous: readonly (string | null)[];
  readonly hashes: readonly (string | null)[];
}

interface WireOutcome {
  readonly kind: CommitOutcome['kind'];
  readonly number?: number;
  readonly incident?: string;
  readonly request?: {
    readonly digest: string;
    readonly ledger: 0 | 1;
    readonly incident: string | null;
    readonly first: number | null;
    readonly last: number | null;
  };
}

/**
 * Commits a batch of one organization in one statement: each change whole or not at all, all that are committed
 * together. Answers with one outcome per change, in order.
 * @throws the database's error, and then nothing was written, unless it was the connection that was lost.
 */
export async function commit(database: Database, batch: CommitBatch): Promise<readonly CommitOutcome[]> {
  if (batch.changes.length === 0) return [];
  const answer = (await database.callAsOrganization(batch.organizationId, 'commit', [
    batch.organizationId,
    batch.policyVersion,
    encodeChanges(batch.changes, batch.at, batch.earlyClearings),
  ])) as WireAnswer;
  const outcomes = answer.outcomes ?? allCommitted(batch.changes, answer.numbers ?? []);
  let position = 0;
  return batch.changes.map((change, index) => {
    const first = position;
    position += change.events.length;
    return outcomeOf(change, outcomes[index], () => entriesOf(answer, first, position));
  });
}

function allCommitted(
  changes: readonly Change[],
  numbers: readonly (number | null)[],
): readonly WireOutcome[] {
  const known = new Map<string | null, number | null | undefined>();
  return changes.map(({ incidentId }, index) => {
    if (!known.has(incidentId)) known.set(incidentId, numbers[index]);
    return { kind: 'committed', number: known.get(incidentId) ?? 0 };
  });
}

function entriesOf({ sequences, previous, hashes }: WireAnswer, from: number, until: number) {
  return sequences.slice(from, until).map((sequence, index) => ({
    sequence: sequence ?? 0,
    previousHash: previous[from + index] ?? '',
    hash: hashes[from + index] ?? '',
  }));
}

function outcomeOf(
  change: Change,
  outcome: WireOutcome | undefined,
  entries: () => ReturnType<typeof entriesOf>,
): CommitOutcome {
  switch (outcome?.kind) {
    case 'committed':
      return { kind: 'committed', number: outcome.number ?? 0, entries: entries() };
    case 'replayed':
      return { kind: 'replayed', request: requestOf(change, outcome.request) };
    case 'keyTaken':
      return { kind: 'keyTaken', incidentId: outcome.incident ?? '' };
    case 'conflict':
    case 'policyMoved':
      return { kind: outcome.kind };
    default:
      throw new Error(`warroom.commit answered ${JSON.stringify(outcome)} for a change.`);
  }
}

function requestOf(change: Change, request: WireOutcome['request']) {
  if (change.request === null || request === undefined) {
    throw new Error('warroom.commit replayed a change that has no idempotency key.');
  }
  return {
    principal: change.request.principal,
    key: change.request.key,
    digest: request.digest,
    ledger: ledgers[request.ledger],
    incidentId: request.incident,
    firstSequence: request.first,
    lastSequence: request.last,
  };
}
