import type { Refused } from '../incident/decision.ts';
import { limits } from '../incident/limits.ts';
import { nameKey } from '../incident/naming.ts';
import type { NameKind } from '../incident/vocabulary.ts';
import type { InputCheck } from '../inputCheck.ts';
import { refuseField, refuseNotFound } from '../refuse.ts';
import type { CatalogueEntry, CatalogueFacts } from './facts.ts';

/** What each kind of entry is called in sentences. */
const kindWords: Readonly<Record<NameKind, string>> = {
  SERVICE: 'service',
  TEAM: 'team',
  PROJECT: 'project',
};

/** Notes what keeps a new entry from being called this; answers the name as it is kept. */
export function newName(check: InputCheck, kind: NameKind, given: string, facts: CatalogueFacts): string {
  const name = check.text('name', given, limits.name);
  const holder = name === '' ? undefined : facts.holderOf(kind, name);
  if (holder !== undefined) check.note('name', takenBy(kind, holder.mergedInto !== null));
  return name;
}

/**
 * The new name of an entry, or undefined when it stays; notes what keeps it from being called this. It may take the
 * name of one that was merged into it.
 */
export function changedName(
  check: InputCheck,
  kind: NameKind,
  entry: CatalogueEntry,
  given: string | null | undefined,
  facts: CatalogueFacts,
): string | undefined {
  if (given == null) return undefined;
  const name = check.text('name', given, limits.name);
  if (name === '' || name === entry.name) return undefined;
  const holder = nameKey(name) === nameKey(entry.name) ? undefined : facts.holderOf(kind, name);
  if (holder !== undefined && holder.id !== entry.id && holder.mergedInto !== entry.id) {
    check.note('name', takenBy(kind, holder.mergedInto !== null));
  }
  return name;
}

function takenBy(kind: NameKind, isAlias: boolean): string {
  const word = kindWords[kind];
  return isAlias
    ? `A ${word} of this name was merged into another, which the name leads to.`
    : `There is a ${word} of this name already. To make them one, merge them.`;
}

/** Why this entry cannot be changed, or null: it is not there, or an alias of another. */
export function unchangeable(
  kind: NameKind,
  entry: CatalogueEntry | undefined,
  field: string,
): Refused | null {
  const word = kindWords[kind];
  if (entry === undefined) return refuseNotFound(`There is no such ${word} in your organization.`);
  if (entry.mergedInto === null) return null;
  return refuseField([field], `This ${word} was merged into another; name that one.`);
}

/** Whether merging the first into the second changes anything, or why it cannot be. */
export function mergeable(
  kind: NameKind,
  loser: CatalogueEntry | undefined,
  winner: CatalogueEntry | undefined,
  fields: { readonly loser: string; readonly winner: string },
): Refused | 'already' | 'yes' {
  const noWinner = unchangeable(kind, winner, fields.winner);
  if (noWinner !== null) return noWinner;
  if (loser !== undefined && loser.mergedInto !== null && loser.mergedInto === winner?.id) return 'already';
  const noLoser = unchangeable(kind, loser, fields.loser);
  if (noLoser !== null) return noLoser;
  if (loser?.id === winner?.id) {
    return refuseField([fields.winner], `A ${kindWords[kind]} cannot be merged into itself.`);
  }
  return 'yes';
}

/** The changes that are any: fields that differ from what they were. */
export function differing<C extends object>(
  changes: C,
  before: { readonly [K in keyof C]?: unknown },
): Partial<C> {
  const entries = Object.entries(changes) as [keyof C, unknown][];
  return Object.fromEntries(
    entries.filter(([field, value]) => value !== undefined && value !== before[field]),
  ) as Partial<C>;
}
