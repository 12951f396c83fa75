import { type IncidentSeverity, severities } from '../incident/vocabulary.ts';
import type { InputCheck } from '../inputCheck.ts';

/** Each severity once, most severe first: lists that mean the same read the same. */
export function severitySet(list: readonly IncidentSeverity[]): readonly IncidentSeverity[] {
  return severities.filter((severity) => list.includes(severity));
}

/** The severities a rule applies to: all four are null, in a policy as in the input; none is a mistake, noted. */
export function severitySetOrAll(
  check: InputCheck,
  path: readonly string[],
  list: readonly IncidentSeverity[] | null | undefined,
): readonly IncidentSeverity[] | null {
  if (list == null) return null;
  if (list.length === 0) check.note(path, 'Name at least one severity, or leave it out for all of them.');
  const set = severitySet(list);
  return set.length === severities.length ? null : set;
}
