import type { Actor, ApiKeyScope, MemberRole } from '../access/actor.ts';
import { hasRole } from '../access/hasRole.ts';
import type { Refused } from '../incident/decision.ts';
import { refuseForbidden } from '../refuse.ts';

/**
 * What an API key must hold to give a scope: the scope itself, or one that opens as much and more. Bringing alerts in
 * is part of responding; whoever administers may ask whom the gate keeps out.
 */
const heldToGive: Readonly<Record<ApiKeyScope, ApiKeyScope>> = {
  READ: 'READ',
  RESPOND: 'RESPOND',
  ADMIN: 'ADMIN',
  INGEST: 'RESPOND',
  GATE: 'ADMIN',
};

/**
 * Why whoever acts may not hand out a secret that opens this much, or null when they may: nobody gives a role above
 * their own, and an API key no scope that it could not use itself. Warroom itself gives everything.
 */
export function beyondGiver(
  { actor, scopes }: { readonly actor: Actor; readonly scopes: readonly ApiKeyScope[] },
  given: { readonly role: MemberRole; readonly scopes: readonly ApiKeyScope[] },
): Refused | null {
  if (actor.kind === 'SYSTEM') return null;
  if (!hasRole(actor.role, given.role)) {
    return refuseForbidden(`Only ${given.role} or a higher role can give the role ${given.role}.`, {
      role: given.role,
    });
  }
  if (actor.kind === 'USER') return null;
  const scope = given.scopes.find((one) => !scopes.includes(heldToGive[one]));
  if (scope === undefined) return null;
  const held = heldToGive[scope];
  return refuseForbidden(
    `An API key can give the scope ${scope} only if it has ${held}, and this one has not.`,
    {
      scope: held,
    },
  );
}
