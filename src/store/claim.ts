import { stateShape } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';
import type { Claimed, ClaimRequest, DueDeadline } from './dueDeadline.ts';

/** Deadlines of this incident are the organization's own: REPLAN. */
const noIncident = '00000000-0000-0000-0000-000000000000';

interface WireClaim {
  readonly due: readonly {
    readonly organization: string;
    readonly incident: string;
    readonly kind: DueDeadline['kind'];
    readonly key: string;
    readonly due_at: Instant;
  }[];
  readonly next: Instant | null;
}

/**
 * Leases deadlines that are due, of all organizations but those left out, the longest due first, so that other
 * instances leave them alone for a while. A deadline leased again without a commit in between is left alone twice as
 * long each time, up to a minute. What a newer program has written is left to it.
 */
export async function claim(database: Database, request: ClaimRequest): Promise<Claimed> {
  const rows = await database.asPlatform<{ claimed: WireClaim }>(
    'SELECT warroom.claim($1, $2, $3, $4, $5) AS claimed',
    [request.now, request.limit, request.leaseMilliseconds, request.leftOut ?? [], stateShape],
  );
  const { due, next } = rows[0]?.claimed ?? { due: [], next: null };
  return {
    due: due.map(({ organization, incident, kind, key, due_at }) => ({
      organizationId: organization,
      incidentId: incident === noIncident ? null : incident,
      kind,
      key,
      dueAt: due_at,
    })),
    nextDueAt: next,
  };
}
