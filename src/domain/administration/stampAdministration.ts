import type { AdministrationContext, AdministrationFact } from './decision.ts';
import type { AdministrationEvent } from './events.ts';

/** The part of a decision's context that an event's envelope is made of. */
export type AdministrationStampContext = Pick<AdministrationContext, 'commandId' | 'actor' | 'at' | 'policy'>;

/** Makes a fact an event of the administration ledger. The key order of the result is that of the hashed body. */
export function stampAdministration(
  fact: AdministrationFact,
  context: AdministrationStampContext,
): AdministrationEvent {
  const { kind, id, role } = context.actor;
  return {
    type: fact.type,
    typeVersion: 1,
    policyVersion: context.policy.version,
    commandId: context.commandId,
    actor: { kind, id, role },
    at: context.at,
    payload: fact.payload,
  } as AdministrationEvent;
}
