import type { Handle } from '../app/answer.ts';
import type { BulkProgress } from '../app/bulkProgress.ts';
import type { DeadLetters } from '../app/deadLetters.ts';
import type { GateKeeper } from '../app/gateKeeper.ts';
import type { Guessing } from '../app/guessing.ts';
import type { Identity, Mail, MailOutcome } from '../app/identity.ts';
import type { Mappings } from '../app/mappings.ts';
import type { Sealing } from '../app/sealing.ts';
import type { TranslateDelivery } from '../app/translateDelivery.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { LedgerHead, SignedHead } from '../domain/ledger/head.ts';
import type { Feed } from '../feed/feed.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { ReadScope } from '../store/read/scope.ts';
import type { Loaders } from './loaders.ts';

/** What every resolver is given. One per request; one per group of identical subscriptions. */
export interface GraphQLContext {
  /** Who is asking. A subscription group's context has the group's organization and permissions, no one's identity. */
  readonly principal: Principal;
  /** Quoted in every unexpected error and its log line. */
  readonly requestId: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly handle: Handle;
  readonly feed: Feed;
  /** How the session gate stands with whom, from memory. */
  readonly gates: GateKeeper;
  /** Batches reads of one request: one statement per noun and request, never one per row. */
  readonly loaders: Loaders;
  /** Where people reach this installation, without a slash at the end: the base of links in answers. */
  publicUrl(): string;
  /** Sends a message to one person and waits for what became of it; never throws. */
  sendMail(mail: Mail): Promise<MailOutcome>;
  /** Who is signed in as a person, and how to end it. */
  readonly sessions: Pick<Identity, 'sessions' | 'endSession' | 'endOtherSessions' | 'endSessionsOnce'>;
  /** Reads the body of a webhook without carrying it out. */
  readonly translateDelivery: TranslateDelivery;
  /** Keeps secrets that have to be read back. */
  readonly sealing: Sealing;
  /** Bulk actions: looks for one to work off, and tells of those worked off in this process. */
  readonly bulkActions: { wake(): void; readonly listen: BulkProgress['listen'] };
  /** Deliveries that could not be taken in. */
  readonly deadLetters: Pick<DeadLetters, 'replay' | 'discard'>;
  /** Seconds until this key may bring more; null when it may now. Counts what is asked about. */
  throttle(principal: Principal): number | null;
  /** Tries mappings out. */
  readonly mappings: Mappings;
  /** Counts secrets that are tried in arguments. */
  readonly guessing: Guessing;
  /** Aborts when the request ends or its credential stops being valid: ends a live iteration. Never when absent. */
  readonly signal?: AbortSignal;
  /** Signs the ends of ledgers; absent when this installation has no signing key. */
  readonly signHead?: ((head: LedgerHead) => SignedHead) | undefined;
}

/** Whose rows a resolver may read, and where. */
export function readScope({ database, principal }: GraphQLContext): ReadScope {
  return { database, organizationId: principal.organizationId };
}
