/**
 * An event of a type, or a version of one, that only a newer program understands: what it changes is not known here, so
 * no state can be made over it.
 */
export class UnknownEventError extends Error {
  readonly code = 'SERVER_OUTDATED';
  constructor() {
    super(
      'This server is older than an event it was asked to look behind. Upgrade it, or ask a newer instance.',
    );
  }
}
