import type { Principal } from '../domain/access/principal.ts';
import { clipText } from '../domain/clipText.ts';
import type { IncidentRecord } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import { type AlertRequest, alertRequest, noteAlertRequest, wasAnswered } from '../store/alertRequests.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { incidentOfDedupKey, occurrencesOf } from '../store/read/alerts.ts';
import { incidentByNumber, incidents } from '../store/read/incidents.ts';
import { gateMember } from '../store/read/sessionGate.ts';
import { signalData } from '../store/read/signals.ts';
import { isUuid } from './isUuid.ts';

/** How a sender names an alert of its own: the incident's id, the dedup key its alias makes, or the INC number. */
export type AlertName =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'key'; readonly key: string }
  | { readonly by: 'number'; readonly number: number };

/** What is to be remembered of a request besides when it was. */
export type AlertRequestNote = Omit<AlertRequest, 'at'>;

/** An alert with what is known of it besides its incident. */
export interface AlertDetails {
  /** How often it came, and when last. */
  readonly count: number;
  readonly lastOccurredAt: Instant;
  /** JSON text of what was sent first; null when nothing was kept. */
  readonly sent: string | null;
}

/** What a connector whose sender asks back needs to answer it: only ever about that sender's own alerts. */
export interface AlertBook {
  /** The incident of an alert, if one of its dedup keys begins with `prefix`; null otherwise, and when there is none. */
  find(principal: Principal, name: AlertName, prefix: string): Promise<IncidentRecord | null>;
  details(principal: Principal, record: IncidentRecord): Promise<AlertDetails>;
  /** The member of this id or email address; null when there is none. */
  member(principal: Principal, idOrEmail: string): Promise<string | null>;
  /** Returns once it is durable. */
  note(principal: Principal, note: AlertRequestNote): Promise<void>;
  /** What became of a request of this key, at most 7 days ago; null when there is none. */
  request(principal: Principal, requestId: string): Promise<AlertRequest | null>;
  /** Whether one of these idempotency keys of this API key was answered at or after `since`. */
  wasAnswered(principal: Principal, keys: readonly string[], since: Instant): Promise<boolean>;
  now(): Instant;
}

/** The most that is kept of an outcome, in UTF-16 units. */
const outcomeLimit = 500;

/** The largest INC number there can be. */
const largestNumber = 2_147_483_647;

/** Reads alerts, and notes requests, in the database. Every method throws the database's errors. */
export function createAlertBook({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): AlertBook {
  const scopeOf = ({ organizationId }: Principal) => ({ database, organizationId });
  return {
    async find(principal, name, prefix) {
      const record = await recordOf(scopeOf(principal), name);
      const isTheirs = record?.state.dedupKeys.some((key) => key.startsWith(prefix)) ?? false;
      return isTheirs ? record : null;
    },
    async details(principal, { state }) {
      const scope = scopeOf(principal);
      const [occurrences, sent] = await Promise.all([
        occurrencesOf(scope, state.id),
        // Of what is several alerts, the first may be another sender's.
        state.primarySignalId === null || state.mergedIncidentIds.length > 0
          ? []
          : signalData(scope, [state.primarySignalId]),
      ]);
      return {
        count: occurrences?.count ?? 0,
        lastOccurredAt: occurrences?.lastSeenAt ?? state.reportedAt,
        sent: sent[0] ?? null,
      };
    },
    async member(principal, idOrEmail) {
      return (await gateMember(scopeOf(principal), idOrEmail))?.userId ?? null;
    },
    note({ organizationId, credentialId }, note) {
      return noteAlertRequest(
        database,
        { organizationId, apiKeyId: credentialId },
        { ...note, outcome: clipText(note.outcome, outcomeLimit), at: clock.now() },
      );
    },
    async request(principal, requestId) {
      if (!isUuid(requestId)) return null;
      return alertRequest(scopeOf(principal), principal.credentialId, requestId);
    },
    wasAnswered(principal, keys, since) {
      return wasAnswered(scopeOf(principal), principal.credentialId, keys, since);
    },
    now: () => clock.now(),
  };
}

async function recordOf(
  scope: { readonly database: Database; readonly organizationId: string },
  name: AlertName,
): Promise<IncidentRecord | null> {
  if (name.by === 'number') {
    return name.number <= largestNumber ? incidentByNumber(scope, name.number) : null;
  }
  const id = name.by === 'id' ? name.id : await incidentOfDedupKey(scope, name.key);
  return isUuid(id) ? ((await incidents(scope, [id]))[0] ?? null) : null;
}
