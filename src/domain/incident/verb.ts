import type { LostSignals } from '../detection/judgeDelivery.ts';
import type { IncidentCommandInputs, IncidentCommandName } from './commands.ts';
import type {
  BulkTarget,
  DecideContext,
  EarlyClearing,
  RecordedError,
  RecordedRun,
  Refused,
  SignalData,
  SignalRepeat,
} from './decision.ts';
import type { IncidentFact } from './events.ts';
import type { IncidentState } from './state.ts';

/** A verb agreed: what happened, not yet numbered. `facts` is empty when everything was already so. */
export interface Agreed {
  readonly ok: true;
  readonly facts: readonly IncidentFact[];
  /** What follows from these by itself: in the same commit, by SYSTEM. */
  readonly following?: readonly IncidentFact[];
  readonly signalData?: readonly SignalData[];
  readonly signalRepeats?: readonly SignalRepeat[];
  readonly lostSignals?: readonly LostSignals[];
  readonly earlyClearings?: readonly EarlyClearing[];
  readonly errors?: readonly RecordedError[];
  readonly runs?: readonly RecordedRun[];
  readonly targets?: readonly string[];
  /** Another incident that it changes too, and how; `state` is null for one that it declares. */
  readonly companion?: { readonly incidentId: string; readonly decide: CompanionVerb };
  readonly bulkTargets?: readonly BulkTarget[];
}

/** What a command does to another incident beside its own. */
export type CompanionVerb = (state: IncidentState | null, context: DecideContext) => FactsOrRefusal;

/** What a verb answers; stamping, folding and settling are `decide`'s. */
export type FactsOrRefusal = Agreed | Refused;

/** A verb on an incident that exists. Pure; an expected "no" is a refusal, it never throws. */
export type IncidentVerb<N extends IncidentCommandName> = (
  input: IncidentCommandInputs[N],
  state: IncidentState,
  context: DecideContext,
) => FactsOrRefusal;

/** A verb that may also open an incident: `state` is null when there is none. */
export type OpeningVerb<N extends IncidentCommandName> = (
  input: IncidentCommandInputs[N],
  state: IncidentState | null,
  context: DecideContext,
) => FactsOrRefusal;

/** Everything was already so: success without an event. */
export const alreadySo: Agreed = { ok: true, facts: [] };

/** These facts, in this order. */
export function agreed(...facts: readonly IncidentFact[]): Agreed {
  return { ok: true, facts };
}
