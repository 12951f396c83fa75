/** Where one subscriber's bytes go: one operation of one socket. */
export interface Outlet {
  /** Sends results, in order, together as far as that saves work, until it is full; answers how many were sent. */
  write(payloads: readonly Buffer[]): number;
  /** So much waits to be sent that nothing more should be written until `drained`. */
  readonly full: boolean;
  /** Resolves once there is room again, or the subscriber is gone. */
  drained(): Promise<void>;
  /** It has been given the last there is: nothing more comes, and it need not come back. */
  complete(): void;
  /** Its events cannot be delivered any more: the subscriber must come back with its cursor. */
  fail(error: unknown): void;
}

/**
 * Executes the group's operation for each value and serializes each result, in order: a FeedEntry for mode `every`, an
 * IncidentRecord for mode `latest`, the value itself for mode `watched`. Failed fields are part of a result; it rejects
 * when nothing could be executed, or what it needs cannot be read at all now.
 */
export type Render = (values: readonly unknown[]) => Promise<readonly Buffer[]>;
