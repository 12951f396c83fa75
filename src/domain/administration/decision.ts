import type { Actor, ApiKeyScope } from '../access/actor.ts';
import type { Refused } from '../incident/decision.ts';
import type { Instant } from '../instant.ts';
import type { Policy } from '../policy/policy.ts';
import type { AdministrationCommandInputs, AdministrationCommandName } from './commands.ts';
import type { AdministrationEvent, AdministrationEventPayloads, AdministrationEventType } from './events.ts';
import type { AdministrationFacts } from './facts.ts';

/** Everything that enters an administration decision as data. */
export interface AdministrationContext {
  readonly organizationId: string;
  readonly commandId: string;
  readonly actor: Actor;
  /** The credential's; only an API key's say what it may give. */
  readonly scopes: readonly ApiKeyScope[];
  readonly at: Instant;
  /** The policy in force; of an organization being founded, the defaults. */
  readonly policy: Policy;
  readonly facts: AdministrationFacts;
}

/** An administration command accepted. `events` is empty when everything was already so. */
interface AdministrationAccepted {
  readonly ok: true;
  readonly events: readonly AdministrationEvent[];
  /** The policy in force from here on: the context's own object when it did not change. */
  readonly policy: Policy;
}

/** What became of an organization mutation. */
export type AdministrationDecision = AdministrationAccepted | Refused;

/** What an administration verb says happened, before it is stamped. */
export type AdministrationFact = {
  [T in AdministrationEventType]: { readonly type: T; readonly payload: AdministrationEventPayloads[T] };
}[AdministrationEventType];

/** A verb accepted: what it says happened. */
export interface AdministrationFindings {
  readonly ok: true;
  readonly facts: readonly AdministrationFact[];
}

/** One verb of administration. Pure; an expected "no" is a refusal, it never throws. */
export type AdministrationVerb<N extends AdministrationCommandName> = (
  input: AdministrationCommandInputs[N],
  context: AdministrationContext,
) => AdministrationFindings | Refused;

/** A verb accepted: this happened. */
export function happened(...facts: readonly AdministrationFact[]): AdministrationFindings {
  return { ok: true, facts };
}

/** A verb accepted: everything was already so. */
export const nothingHappened: AdministrationFindings = { ok: true, facts: [] };
