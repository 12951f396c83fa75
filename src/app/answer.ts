import type { Actor, ApiKeyScope } from '../domain/access/actor.ts';
import type { AdministrationCommand } from '../domain/administration/commands.ts';
import type { IncidentCommand } from '../domain/incident/commands.ts';
import type { IncidentRecord } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger/ledger.ts';
import type { Refusal } from '../domain/refusal.ts';

/**
 * Which incident a command is about. `new` declares; `dedupKey` is whoever holds the key, else a new one for what fires
 * and whoever held it last for what only clears; `releasedKey` is whoever held it last, if nobody holds it now; `burst` is
 * the one whose burst the failed runs are of, which overlaps that stretch of time, else a new one.
 */
export type IncidentTarget =
  | { readonly by: 'id'; readonly incidentId: string }
  | {
      readonly by: 'dedupKey';
      readonly key: string;
      /** The id of the incident it declares, if it declares one: a fresh UUID, for whoever has to know it before. */
      readonly newIncidentId?: string;
    }
  | { readonly by: 'releasedKey'; readonly key: string }
  | { readonly by: 'burst'; readonly source: string; readonly from: Instant; readonly until: Instant }
  | { readonly by: 'new' };

/** Idempotency of one request: the answer is kept per organization, principal and key. */
export interface IdempotentRequest {
  /** The user's id or the API key's. */
  readonly principal: string;
  /** 1–128 characters, chosen by the caller. */
  readonly key: string;
  /** SHA-256 of the mutation's name and input (canonical JSON), hexadecimal. */
  readonly digest: string;
}

/** One request for change, as every door (people, webhooks, timers) hands it in. */
export type Request =
  | {
      readonly organizationId: string;
      readonly actor: Actor;
      readonly target: IncidentTarget;
      readonly command: IncidentCommand;
      /** How an INTEGRATION came: through a connector it may do what its format says. */
      readonly door?: 'connector';
      /** The credential's scopes. Left out: a person's, a connector's or Warroom's own by `actor.kind`; an API key's: none. */
      readonly scopes?: readonly ApiKeyScope[];
      readonly expectedVersion?: number | null;
      readonly request?: IdempotentRequest | null;
    }
  | {
      readonly organizationId: string;
      readonly actor: Actor;
      readonly target: { readonly by: 'administration' };
      readonly command: AdministrationCommand;
      /** The credential's scopes. Left out: a person's, a connector's or Warroom's own by `actor.kind`; an API key's: none. */
      readonly scopes?: readonly ApiKeyScope[];
      /** Whether it is a superadmin of the installation who asks. */
      readonly superadmin?: boolean;
      readonly expectedVersion?: number | null;
      readonly request?: IdempotentRequest | null;
    };

/** What became of a request. */
export type Answer =
  | {
      readonly kind: 'done';
      /** The entries it wrote, in order; the same ones again on a replay; empty when everything was already so. */
      readonly entries: readonly LedgerEntry[];
      /** To resume a subscription from: its last entry's sequence, or the incident's latest when it wrote none. */
      readonly sequence: number;
      /** The incident right after (on a replay, or when a connection died at commit: now); null for administration. */
      readonly incident: IncidentRecord | null;
      /** Whether an earlier request carried it out, and this one only repeats its answer. */
      readonly replayed: boolean;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Nothing was done; try again with the same idempotency key after `retryAfterSeconds`. */
export class OverloadedError extends Error {
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Warroom is busy. Nothing was done; try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The stored state is of a newer program than this one: nothing was decided. */
export class ServerOutdatedError extends Error {
  readonly code = 'SERVER_OUTDATED';
  constructor() {
    super(
      'This server is older than the incident it was asked to change. Upgrade it, or ask a newer instance.',
    );
  }
}

/** The one door. @throws OverloadedError, ServerOutdatedError, or an unexpected database error. */
export type Handle = (request: Request) => Promise<Answer>;
