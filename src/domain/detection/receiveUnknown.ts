import type { IncidentCommandInputs } from '../incident/commands.ts';
import type { DecideContext, Refused } from '../incident/decision.ts';
import type { IncidentFact } from '../incident/events.ts';
import type { IncidentState } from '../incident/state.ts';
import { type Agreed, alreadySo } from '../incident/verb.ts';
import { comeApart, joinGroups } from './joinApart.ts';
import { joinableOf } from './joinableOf.ts';
import { joinOnly } from './joinOnly.ts';
import { type JudgedDelivery, judgeDelivery } from './judgeDelivery.ts';
import { suppressorOf } from './suppressorOf.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];

/** A delivery that declares, as the rules have it, and what follows the declaration. */
export interface Declaring {
  readonly input: Delivery;
  readonly roles: readonly IncidentFact[];
  readonly lostSignals: JudgedDelivery['dropped'];
}

/**
 * What becomes of a delivery whose dedup key no open incident holds: it declares, or what is left of it joins an open
 * incident by correlation key or service, or it is only counted. `state`: the open incident that was found to join. What
 * may join several is refused ({@link comeApart}).
 */
export function receiveUnknown(
  delivery: Delivery,
  state: IncidentState | null,
  context: DecideContext,
): Declaring | Agreed | Refused {
  const { detectionRules } = context.policy;
  const judged = judgeDelivery(delivery, detectionRules, (signal) => suppressorOf(signal, context));
  const { input, dropped, unattached } = judged;
  if (state !== null) return { ok: true, ...joinOnly(input.firing, state, context), lostSignals: dropped };
  if (judged.declares) return declaring(judged, context);
  if (joinGroups(input.firing, input.declare.service).length > 1) return { ok: false, refusal: comeApart };
  const joinable = input.firing.length === 0 ? [] : joinableOf(input.firing, input.declare.service);
  // Decided anew once it was looked up; when there is one to join, with its state.
  if (joinable.length > 0 && !context.facts.lookUp({ joinable, userIds: [] })) return alreadySo;
  return { ok: true, facts: [], lostSignals: [...dropped, ...unattached] };
}

function declaring({ input, rule, dropped }: JudgedDelivery, { facts }: DecideContext): Declaring | Agreed {
  const given = rule?.roles ?? [];
  const userIds = given.map(({ userId }) => userId);
  if (userIds.length > 0 && !facts.lookUp({ joinable: [], userIds })) return alreadySo;
  const roles = given
    .filter(({ userId }) => facts.isMember(userId))
    .map((payload): IncidentFact => ({ type: 'INCIDENT_ROLE_ASSIGNED', payload }));
  return { input, roles, lostSignals: dropped };
}
