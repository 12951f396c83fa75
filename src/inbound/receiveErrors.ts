import { referenceOf } from '../domain/incident/state.ts';
import { answerTo, buried, receiveJson } from './receiveWebhook.ts';
import type { Reception } from './reception.ts';
import { type InboundReply, jsonReply } from './reply.ts';
import { poisonIn } from './takeIn.ts';
import { type ErrorsTakenIn, errorsFormat, type ScopeOf, takeInErrors } from './takeInErrors.ts';

const sender = {
  name: errorsFormat,
  sendLess: 'send fewer errors at a time.',
  sentAgain: 'an error with an errorId counts once.',
};

/**
 * Answers `POST /inbound/errors`: `{"errors": […]}`, a list, or one error, each with the fields of the mutation
 * `reportErrors`. 200 says what became of each, once all are committed; everything else as for a webhook.
 */
export async function receiveErrors(
  reception: Reception,
  scopeOf: ScopeOf,
  keyInPath: string,
): Promise<InboundReply> {
  const received = await receiveJson(sender, reception, keyInPath);
  if ('reply' in received) return received.reply;
  const { principal, value, raw } = received;
  const taken = await takeInErrors(value, principal, { handle: reception.handle, scopeOf });
  if (taken.kind === 'reported') return reportedReply(taken);
  const reply = answerTo(taken, sender, reception, principal);
  const poison = poisonIn(taken);
  return poison === null ? reply : buried({ raw, ...poison }, reply, sender, reception, principal);
}

function reportedReply({ errors }: Extract<ErrorsTakenIn, { readonly kind: 'reported' }>): InboundReply {
  const told = errors.map(({ errorId, outcome, number }) => ({
    errorId,
    outcome,
    incident: number === null ? null : referenceOf(number),
  }));
  return jsonReply(200, { status: 'success', errors: told });
}
