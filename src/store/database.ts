import type { ReadClient } from './readClient.ts';

/** Rows as `pg` returns them (bigint as string, timestamptz as ISO text with milliseconds, bytea as Buffer). */
export type Row = Record<string, unknown>;

/**
 * The database, embedded or a server: one code path. No method leaks a connection; each sets role and organization on
 * the connection it takes, when they differ from what the connection last had.
 */
export interface Database {
  readonly mode: 'embedded' | 'server';
  /** The organization's read-only Prisma client (role warroom_app, row-level security on), from a bounded LRU. */
  for(organizationId: string): ReadClient;
  /**
   * One statement as warroom_app of this organization. One with a name, always the same for the same `sql`, is planned
   * once a connection: for what is asked over and over and has one good plan.
   */
  asOrganization<R extends Row>(
    organizationId: string,
    sql: string,
    parameters?: readonly unknown[],
    name?: string,
  ): Promise<R[]>;
  /**
   * Calls one of the write path's functions as warroom_app of this organization, and answers what it answered. The
   * organization travels in the very statement, so that changing to it costs no round trip.
   */
  callAsOrganization(
    organizationId: string,
    name:
      | 'load'
      | 'commit'
      | 'log_access'
      | 'keep_dead_letter'
      | 'refuse_dead_letter_again'
      | 'discard_dead_letter'
      | 'begin_bulk_target'
      | 'delay_bulk_target'
      | 'finish_bulk_target'
      | 'cancel_bulk_targets',
    parameters: readonly unknown[],
  ): Promise<unknown>;
  /** One statement as warroom_platform: heads, deadlines, API keys, memberships, organizations; claim and founding. */
  asPlatform<R extends Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  /** One statement as warroom_identity: sign-in's own tables, across organizations. */
  asIdentity<R extends Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  /** A statement of upkeep as the owner of the tables, by itself. */
  tend(statement: string): Promise<void>;
  /** NOTIFY on the doorbell channel from the background connection; does nothing when embedded. */
  notify(payload: string): Promise<void>;
  /** LISTEN on the doorbell channel, reconnecting for ever; never calls back when embedded. Returns the unlisten. */
  listen(onPayload: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
