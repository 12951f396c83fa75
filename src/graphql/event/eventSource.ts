import type { IncidentEventOf, IncidentEventType } from '../../domain/incident/events.ts';
import type { IncidentRecord } from '../../domain/incident/state.ts';
import type { AdministrationEntry, IncidentEntry } from '../../domain/ledger/ledger.ts';
import { shownType } from '../ledger/ledgerEventType.ts';

/** An entry of the incidents ledger: alone, or with what is known around it. */
export type IncidentEventSource =
  | IncidentEntry
  | {
      readonly entry: IncidentEntry;
      /** The incident right after it, when whoever gives the entry has it. */
      readonly after?: IncidentRecord | null;
      /** Its visibility of now, when that was read; otherwise as it was recorded. */
      readonly isPublic?: boolean;
    };

/** An entry of either ledger. */
export type LedgerEventSource = IncidentEventSource | AdministrationEntry;

/** The entry itself. */
export function entryOf(source: IncidentEventSource): IncidentEntry;
export function entryOf(source: LedgerEventSource): IncidentEntry | AdministrationEntry;
export function entryOf(source: LedgerEventSource): IncidentEntry | AdministrationEntry {
  return 'entry' in source ? source.entry : source;
}

/** The payload of an entry that is known to be of this type. */
export function payloadOf<T extends IncidentEventType>(
  source: IncidentEventSource,
  _type: T,
): IncidentEventOf<T>['payload'] {
  return entryOf(source).event.payload as IncidentEventOf<T>['payload'];
}

/** The GraphQL type of what happened to an incident and only a newer program understands. */
export const unknownTypeName = 'IncidentUnknownEvent';

/** The GraphQL type of an entry: `INCIDENT_CREATED` → `IncidentCreated`; all of administration share one. */
export function eventTypeName(source: LedgerEventSource): string {
  const { ledger, type } = entryOf(source);
  if (ledger === 'ADMINISTRATION') return 'AdministrationEvent';
  return shownType(type) === 'UNKNOWN' ? unknownTypeName : typeNameOf(type);
}

/** Names by type: asked for with every event that is shown. */
const typeNames = new Map<string, string>();

/** `INCIDENT_CREATED` → `IncidentCreated`. */
export function typeNameOf(type: string): string {
  const known = typeNames.get(type);
  if (known !== undefined) return known;
  const name = type
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  // There are as many types as programs have written, ours and newer ones.
  if (typeNames.size < 1_000) typeNames.set(type, name);
  return name;
}
