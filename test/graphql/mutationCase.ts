import type { MemberRole } from '../../src/domain/access/actor.ts';
import type { IncidentStatus } from '../../src/domain/incident/vocabulary.ts';

/** What every case may refer to: made before the mutation runs. */
export interface CaseIds {
  /** Global id of the incident it is about. */
  readonly incidentId: string;
  /** Global id of a member. */
  readonly userId: string;
  /** Ledger sequence of the incident's declaration. */
  readonly declaredAt: number;
  /** Global id of an API key of scope INGEST. */
  readonly apiKeyId: string;
  /** Global id of a member who is no administrator. */
  readonly memberId: string;
  /** Global id of an open invitation. */
  readonly invitationId: string;
  /** Global ids of two entries of each kind; `memberId` is in the first team. */
  readonly teamIds: readonly [string, string];
  readonly serviceIds: readonly [string, string];
  readonly projectIds: readonly [string, string];
  /** Global id of another open incident, of the cases that need one. */
  readonly otherIncidentId: string;
  /** Global id of a signal of the incident, of the cases that need one. */
  readonly signalId: string;
}

/** Ids that lead nowhere, for cases that need none. */
export const noIds: CaseIds = {
  incidentId: '',
  userId: '',
  declaredAt: 1,
  apiKeyId: '',
  memberId: '',
  invitationId: '',
  teamIds: ['', ''],
  serviceIds: ['', ''],
  projectIds: ['', ''],
  otherIncidentId: '',
  signalId: '',
};

/** One mutation on an incident, done right. */
export interface MutationCase {
  /** The status the incident must have before. */
  readonly from: IncidentStatus;
  readonly input: (ids: CaseIds) => Record<string, unknown>;
  /** The events it writes. */
  readonly events: readonly string[];
  /** Input that cannot be accepted, and the paths that must be named; null when every input is acceptable. */
  readonly invalid: { readonly input: Record<string, unknown>; readonly paths: readonly string[] } | null;
  /** The lowest role that may. Source: rules.md. */
  readonly role: MemberRole;
  /** A status from which it is refused with InvalidTransitionError; null when it may always. */
  readonly refusedFrom: IncidentStatus | null;
  /** What it takes besides the incident. */
  readonly needs?: 'OTHER' | 'SIGNAL';
}
