import type { MoreFacts } from '../domain/incident/decision.ts';

/** All that is to be looked up for a command that asks for this, when that was looked up before; null when nothing is. */
export function stillNeeded(asked: MoreFacts, known: MoreFacts | null): MoreFacts | null {
  if (known === null) return asked;
  if (isKnown(asked, known)) return null;
  const { joinable, userIds, episodes } = asked;
  return {
    ...known,
    ...(joinable.length > 0 && { joinable }),
    ...(userIds.length > 0 && { userIds }),
    ...(episodes === true && { episodes }),
  };
}

/** Whether what is asked for was looked up, whatever came of it. */
function isKnown(asked: MoreFacts, known: MoreFacts): boolean {
  return (
    (asked.joinable.length === 0 || known.joinable.length > 0) &&
    (asked.userIds.length === 0 || known.userIds.length > 0) &&
    (asked.episodes !== true || known.episodes === true)
  );
}
