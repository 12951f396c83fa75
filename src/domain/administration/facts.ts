import type { ApiKeyScope, MemberRole } from '../access/actor.ts';
import { type CatalogueFacts, emptyCatalogue } from '../catalogue/facts.ts';
import type { IngestConfiguration } from '../detection/ingestConfiguration.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { IncidentMode } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';

/** An API key as a decision sees it. */
export interface ApiKeyFact {
  readonly prefix: string;
  readonly role: MemberRole;
  readonly scopes: readonly ApiKeyScope[];
  readonly ingest: IngestConfiguration;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** An invitation as a decision sees it. */
export interface InvitationFact {
  readonly role: MemberRole;
  readonly expiresAt: Instant;
  readonly revokedAt: Instant | null;
  /** The user who accepted it. */
  readonly acceptedBy: string | null;
}

/** An entry of the incidents ledger as a decision to publish it sees it. */
export interface EntryFact {
  readonly event: IncidentEvent;
  /** The incident's title now. */
  readonly title: string;
  readonly mode: IncidentMode;
  /** Whether it is proposed now. */
  readonly isPublic: boolean;
  /** As it was approved; null when it is not. */
  readonly published: { readonly message: string; readonly title: string } | null;
}

/**
 * What an administration decision may look up: read in the load of its command, and still so when it is committed,
 * because the commit compares where the administration ledger stood.
 */
export interface AdministrationFacts {
  /** The organization's name; empty while it is being founded. */
  readonly organizationName: string;
  /** A key of the organization; undefined when there is no such key. */
  apiKey(apiKeyId: string): ApiKeyFact | undefined;
  /** What a member may do; undefined for whoever is no member (any more). */
  memberRole(userId: string): MemberRole | undefined;
  /** Whether somebody besides this user is ORG_ADMIN. */
  hasOtherAdministrator(userId: string): boolean;
  /** Whether a member signs in with this address, in lower case. */
  isMemberAddress(email: string): boolean;
  invitation(invitationId: string): InvitationFact | undefined;
  /** Invitations to this address, in lower case, that were neither accepted nor revoked, expired ones included. */
  openInvitationsTo(email: string): readonly string[];
  /** Until when 1,000 invitations are open, neither accepted, revoked nor expired; null when there are fewer. */
  readonly invitationsFullUntil: Instant | null;
  /**
   * Whether the invitation was sent to the address this user signs in with, and they have shown that it is theirs. Null:
   * it was sent to another.
   */
  addressee(invitationId: string, userId: string): 'PROVEN' | 'UNPROVEN' | null;
  /** Whether this person may act in every organization. Known where that is decided alone. */
  isSuperadmin(userId: string): boolean;
  readonly catalogue: CatalogueFacts;
  /** An entry of the incidents ledger; undefined when there is none of that sequence. */
  entry(sequence: number): EntryFact | undefined;
}

/** The facts of an organization that does not exist yet. */
export const noFacts: AdministrationFacts = {
  organizationName: '',
  apiKey: () => undefined,
  memberRole: () => undefined,
  hasOtherAdministrator: () => false,
  isMemberAddress: () => false,
  invitation: () => undefined,
  openInvitationsTo: () => [],
  invitationsFullUntil: null,
  addressee: () => null,
  isSuperadmin: () => false,
  catalogue: emptyCatalogue,
  entry: () => undefined,
};
