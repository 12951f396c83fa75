import { badUserInput } from './badUserInput.ts';

/** The most alternatives one field of a filter may name. */
const alternativesLimit = 100;

/** A filter's list; undefined when it is not given. @throws BAD_USER_INPUT when it is longer than 100. */
export function boundedList<T>(
  list: readonly T[] | null | undefined,
  argument: string,
): readonly T[] | undefined {
  if (list == null) return undefined;
  if (list.length > alternativesLimit)
    throw badUserInput(`${argument} must name at most ${alternativesLimit}.`);
  return list;
}
