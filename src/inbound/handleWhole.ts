import { type Answer, type Handle, OverloadedError, type Request } from '../app/answer.ts';
import { signalsPerCommandLimit } from '../domain/incident/receiveSignals.ts';
import { sha256 } from './keys.ts';

/** The most rounds of one resolve: all that the most parts of an incident have firing at 10,000 each. */
const roundsAtMost = 8_192;

/**
 * Hands a command in. A resolve that clears everything clears so many signals in one commit, and is handed in again
 * until nothing is left to clear; its incident resolves with the last of them. Whoever handles a delivery answers only
 * then, so that a sender which is not answered sends it again and the rest is cleared by that. What fires by the same
 * key meanwhile counts as if it had come before. A request that is answered once has one key a round: repeated, it
 * clears nothing of what came after.
 * @throws OverloadedError when something is left after all rounds, and what the door throws; what was cleared until then
 * stays so.
 */
export async function handleWhole(handle: Handle, request: Request): Promise<Answer> {
  let answer = await handle(request);
  for (let round = 2; round <= roundsAtMost && mayLeave(request, answer); round++) {
    answer = await handle(nextRound(request, round));
  }
  // Nobody is told that all is cleared when it is not: what is sent again goes on from here.
  if (mayLeave(request, answer)) throw new OverloadedError(1);
  return answer;
}

/** Whether it cleared as much as one command does. */
function mayLeave({ command }: Request, answer: Answer): boolean {
  if (command.name !== 'receiveSignals' || command.input.resolve !== true || answer.kind !== 'done')
    return false;
  const cleared = answer.entries.filter(({ type }) => type === 'INCIDENT_SIGNAL_CLEARED').length;
  // What the delivery itself says is firing is not cleared by it.
  return cleared + command.input.firing.length >= signalsPerCommandLimit;
}

function nextRound(whole: Request, round: number): Request {
  if (whole.command.name !== 'receiveSignals' || whole.target.by === 'administration') return whole;
  const { dedupKey, declare, resolvedAt = null } = whole.command.input;
  const input = { dedupKey, declare, firing: [], cleared: [], severity: null, resolve: true, resolvedAt };
  const key = whole.request == null ? null : `${whole.request.key}#${round}`;
  return {
    ...whole,
    target: whole.target,
    command: { name: 'receiveSignals', input },
    request: key === null || whole.request == null ? null : { ...whole.request, key, digest: sha256(key) },
  };
}
