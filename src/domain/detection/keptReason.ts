import { clipText } from '../clipText.ts';
import { withoutRefused } from '../textProblem.ts';
import type { DeadLetterReason } from './deadLetter.ts';

/** UTF-16 units of a reason, of a problem's message and of each name in its path, at most. */
const textLimit = 1_000;
const problemLimit = 20;

/** A reason as it can be kept: it repeats names out of the body, which may be of any length and any characters. */
export function keptReason({ reason, problems }: DeadLetterReason): DeadLetterReason {
  return {
    reason: kept(reason),
    problems: problems
      .slice(0, problemLimit)
      .map(({ path, message }) => ({ path: path.map(kept), message: kept(message) })),
  };
}

function kept(text: string): string {
  return clipText(withoutRefused(text), textLimit);
}
