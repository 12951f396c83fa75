/** What one operation may cost. Checked before anything of it runs, over HTTP and WebSocket alike. */
export interface GuardLimits {
  /** Characters of the document. */
  readonly documentLength: number;
  /** Tokens of the document. */
  readonly tokens: number;
  /** Fields inside fields; fragments do not count, introspection has a limit of its own. */
  readonly depth: number;
  /** Aliases in one operation, `__typename` included. */
  readonly aliases: number;
  /** Directives in one operation. */
  readonly directives: number;
  /** How often one name may be selected in one selection set. */
  readonly repeats: number;
  /** The most values an answer may hold, assuming every page is full; see `costOf`. */
  readonly cost: number;
}

/**
 * Room for the widest screen (100 incidents with roles, next deadline and latest events cost about 8,000) and
 * for the introspection GraphiQL asks; the rest is an attack or a mistake.
 */
export const guardLimits: GuardLimits = {
  documentLength: 32_768,
  tokens: 2_000,
  depth: 12,
  aliases: 15,
  directives: 8,
  repeats: 10,
  cost: 50_000,
};
