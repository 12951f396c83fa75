/**
 * The longest texts an incident accepts, in UTF-16 units. Together they keep an event's body within 16 KB (200 KB for
 * a declaration, an edit or a notes splice) and the state within 64 KB in all but contrived cases; `sizes` refuses those.
 */
export const limits = {
  title: 200,
  description: 20_000,
  notes: 50_000,
  /** A classification, an environment, a source, and the name of a service, team, project or external system. */
  name: 100,
  impact: 1_000,
  /** A URL or path. */
  reference: 500,
  tag: 64,
  /** A correlation key, fingerprint, or id in another system. */
  key: 200,
  /** A reason, or the note of an acknowledgement, an unacknowledgement or an escalation. */
  reason: 1_000,
  /** A note on the timeline, the message of a status change. */
  message: 7_000,
  /** The summary of a signal. */
  signalSummary: 1_000,
  /** The summary of a root cause or a resolution. */
  summary: 2_000,
  remediationSteps: 5_000,
  /** Each of a resolution's longer texts. */
  resolutionText: 4_000,
  followUp: 500,
  label: 200,
  /** Details of an action or an SLO violation. */
  details: 5_000,
} as const;
