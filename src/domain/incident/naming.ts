import type { Facts } from './decision.ts';
import type { NewName } from './events.ts';
import type { NameKind } from './vocabulary.ts';

/** Resolves the names one command uses; those that are new are made once, however often the command uses them. */
export interface Naming {
  /** The id of a service, team or project by name, trimmed and compared without case. */
  idOf(kind: NameKind, name: string): string;
  /** The same, where no name means none. */
  idOrNull(kind: NameKind, name: string | null | undefined): string | null;
  /**
   * The names made since it was last asked, for the payload of the event that uses them: `{ names }`, or nothing to
   * spread when there are none.
   */
  made(): { readonly names?: readonly NewName[] };
}

/** What two names are compared by. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}

/** A naming for one command. */
export function namingFor(context: { readonly facts: Pick<Facts, 'name'>; newId(): string }): Naming {
  const known = new Map<string, string>();
  let fresh: NewName[] = [];
  const idOf = (kind: NameKind, name: string): string => {
    const key = `${kind} ${nameKey(name)}`;
    const id = known.get(key) ?? context.facts.name(kind, name);
    if (id !== undefined) {
      known.set(key, id);
      return id;
    }
    const made = { kind, id: context.newId(), name: name.trim() };
    known.set(key, made.id);
    fresh.push(made);
    return made.id;
  };
  return {
    idOf,
    idOrNull: (kind, name) => (name == null || name.trim() === '' ? null : idOf(kind, name)),
    made() {
      const names = fresh;
      fresh = [];
      return names.length === 0 ? {} : { names };
    },
  };
}
