import type { AlertName } from '../app/alertBook.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { IncidentRecord } from '../domain/incident/state.ts';
import { alertKeyOf, alertKeyPrefix } from './opsgenie.ts';
import type { Reception } from './reception.ts';

/** An alert as a request names it; `by` is its `identifierType`. */
export interface NamedAlert {
  readonly by: 'id' | 'alias' | 'tiny';
  readonly name: string;
}

/** An alert that a key brought: its incident, and the dedup key by which it is that alert. */
export interface FoundAlert {
  readonly record: IncidentRecord;
  readonly dedupKey: string;
  /** The alias, as far as the dedup key tells: one that is long or odd is replaced by its SHA-256 there. */
  readonly aliasInKey: string;
}

/** The alert of this name that this very key brought; null when there is none. @throws the database's error. */
export async function findOpsgenieAlert(
  { alerts }: Pick<Reception, 'alerts'>,
  principal: Principal,
  named: NamedAlert,
): Promise<FoundAlert | null> {
  const prefix = alertKeyPrefix(principal.credentialId);
  const asked = inWarroom(named, principal.credentialId);
  const found = await alerts.find(principal, asked, prefix);
  if (found === null) return null;
  const own = found.state.dedupKeys.filter((key) => key.startsWith(prefix));
  // After a merge an incident is several alerts.
  const dedupKey = own.find((key) => asked.by === 'key' && key === asked.key) ?? own[0];
  if (dedupKey === undefined) return null;
  const isMerged = found.state.mergedInto !== null;
  const record = isMerged ? await alerts.find(principal, { by: 'key', key: dedupKey }, prefix) : found;
  if (record === null) return null;
  return { record, dedupKey, aliasInKey: dedupKey.slice(prefix.length) };
}

function inWarroom({ by, name }: NamedAlert, apiKeyId: string): AlertName {
  if (by === 'alias') return { by: 'key', key: alertKeyOf(apiKeyId, name) };
  return by === 'tiny' && /^\d{1,10}$/.test(name)
    ? { by: 'number', number: Number(name) }
    : { by: 'id', id: name };
}
