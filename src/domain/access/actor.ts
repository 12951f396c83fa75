/** Who did something. USER and API_KEY are people; INTEGRATION is a key of scope INGEST; SYSTEM is the scheduler. */
export const actorKinds = ['USER', 'API_KEY', 'INTEGRATION', 'SYSTEM'] as const;
export type ActorKind = (typeof actorKinds)[number];

/** Roles of a member, highest first. Each includes all that come after it. */
export const memberRoles = ['ORG_ADMIN', 'SRE_LEAD', 'ONCALL_ENGINEER', 'MEMBER', 'VIEWER'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** What an API key may be used for; its permission is its role ∩ its scopes. INGEST and GATE are given alone. */
export const apiKeyScopes = ['READ', 'RESPOND', 'INGEST', 'ADMIN', 'GATE'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** What a person signed in may do, within their role: all that a key may, but bring alerts in and ask the gate. */
export const personScopes = ['READ', 'RESPOND', 'ADMIN'] as const satisfies readonly ApiKeyScope[];

/**
 * An actor as the ledger keeps it: never a name or an email, those are looked up when shown.
 * `id` is the user's id (USER) or the API key's (API_KEY, INTEGRATION), null for SYSTEM. `role` is the role held at
 * that moment, null for SYSTEM.
 */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string | null;
  readonly role: MemberRole | null;
}

/** The scheduler, and whatever Warroom does of its own accord. */
export const systemActor: Actor = { kind: 'SYSTEM', id: null, role: null };

/** A person (USER, or an API key they act through); gates and second acknowledgements bind people only. */
export function isPerson(actor: Pick<Actor, 'kind'>): boolean {
  return actor.kind === 'USER' || actor.kind === 'API_KEY';
}
