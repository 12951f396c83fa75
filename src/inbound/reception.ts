import type { AlertBook } from '../app/alertBook.ts';
import type { Handle } from '../app/answer.ts';
import type { ChangeBook } from '../app/changeBook.ts';
import type { DeadLetters } from '../app/deadLetters.ts';
import { TooManyGuessesError } from '../app/tooManyGuesses.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import type { Instant } from '../domain/instant.ts';
import type { FetchFromAmazon } from './checkSns.ts';
import type { MappingEvaluator } from './mappingEvaluator.ts';
import type { ScopeOf } from './takeInErrors.ts';
import type { TranslationContext } from './translation.ts';

/** A request from outside, before anything of it is believed. */
export interface InboundRequest {
  readonly method: string;
  /** With or without a query string, which is ignored. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  readonly remoteAddress: string | null;
}

/** Where a connector writes what it could not answer for. */
interface InboundLog {
  error(details: object, message: string): void;
}

/** What the connectors are given. */
export interface InboundOptions {
  readonly handle: Handle;
  /** Where senders that ask back are answered from. */
  readonly alerts: AlertBook;
  /** Where changes are noted, which declare nothing. */
  readonly changes: ChangeBook;
  /**
   * Whose an API key's secret is that came from this address; null when unknown, revoked or expired. May throw
   * TooManyGuessesError.
   */
  authenticateKey(secret: string, address: string): Promise<Principal | null> | Principal | null;
  /** Where this principal's rows are read; absent: errors and incidents are not taken here. */
  readonly scopeOf?: ScopeOf;
  readonly log: InboundLog;
  readonly limits?: {
    /** The largest body, in bytes; unless given 1 MiB, or what its format has. */
    readonly bodyBytes?: number;
    /** Seconds this key must wait before its next request (answered 429); null to go on. Asked once a request. As it is configured unless given. */
    throttle?(principal: Principal): number | null;
  };
  /** The one clock's time: what is stale is compared with it. */
  readonly now: Clock;
  /** The secret that the sender behind this key signs with; null when it has none. May throw. */
  signingSecretOf(principal: Principal): Promise<string | null>;
  readonly fetchFromAmazon: FetchFromAmazon;
  readonly mappings: MappingEvaluator;
  /** Where what cannot be taken in is kept. */
  readonly deadLetters: Pick<DeadLetters, 'keep'>;
  /** What a severity on no list reads as; SEV3 unless given. */
  readonly defaultSeverity?: IncidentSeverity;
  /** A dedup key for a PagerDuty trigger that has none; 32 random hexadecimal digits unless given. */
  newDedupKey?(): string;
}

type Clock = () => Instant;

/** A request on a connector's path, with what the connector needs to answer it. */
export interface Reception extends InboundOptions {
  readonly request: InboundRequest;
  /** Bytes. */
  readonly bodyLimit: number;
}

/** Whose key this is; null when it holds nothing; a number of seconds when too many wrong ones came from there. */
export async function principalOf(
  { authenticateKey, request }: Reception,
  secret: string,
): Promise<Principal | null | number> {
  try {
    return await authenticateKey(secret, request.remoteAddress ?? '');
  } catch (error) {
    if (error instanceof TooManyGuessesError) return error.retryAfterSeconds;
    throw error;
  }
}

/** Whether this key may bring signals: scope INGEST is given alone, and nothing else will do. */
export function mayIngest(principal: Principal): boolean {
  return principal.scopes.length === 1 && principal.scopes[0] === 'INGEST';
}

/** Seconds until this key may send again; null when it may now. */
export function waitOf(reception: Reception, principal: Principal): number | null {
  return reception.limits?.throttle?.(principal) ?? null;
}

/** What a translation may know. */
export function translationContext(
  reception: Pick<InboundOptions, 'defaultSeverity'>,
  principal: Principal,
): TranslationContext {
  const { credentialId: apiKeyId, ingest } = principal;
  const defaultSeverity = ingest?.defaultSeverity ?? reception.defaultSeverity;
  return {
    apiKeyId,
    ...(defaultSeverity === undefined ? {} : { defaultSeverity }),
    ...(ingest === undefined ? {} : { severityMap: ingest.severityMap, mapping: ingest.mapping }),
    organizationId: principal.organizationId,
  };
}
