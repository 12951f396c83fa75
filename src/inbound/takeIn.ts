import type { Handle } from '../app/answer.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { DeadLetterReason } from '../domain/detection/deadLetter.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { type Delivered, deliver, undelivered } from './deliver.ts';
import type { WebhookFormat } from './receiveWebhook.ts';
import { type InboundOptions, translationContext } from './reception.ts';
import { pathOf } from './reply.ts';
import type { Translation } from './translation.ts';

/** What became of a delivery: it cannot be translated, or what carrying it out came to. */
export type TakenIn = Delivered | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] };

/** Translates a delivery and carries it out, as its key is configured. */
export async function takeIn(
  format: WebhookFormat,
  value: unknown,
  principal: Principal,
  options: Pick<InboundOptions, 'defaultSeverity'> & {
    readonly handle: Handle;
    readonly onceAs?: string | undefined;
  },
): Promise<TakenIn> {
  let translation: Translation;
  try {
    translation = await format.translate(value, translationContext(options, principal));
  } catch (error) {
    return undelivered(error);
  }
  if ('problems' in translation) return { kind: 'invalid', problems: translation.problems };
  return deliver(translation.commands, principal, options.handle, options.onceAs);
}

/** Why the same again would come to the same, so that it is kept for somebody to look at; null when it would not. */
export function poisonIn(taken: TakenIn | { readonly kind: 'reported' }): DeadLetterReason | null {
  if (taken.kind === 'invalid') return reasonOf(taken.problems);
  if (taken.kind !== 'refused') return null;
  const { refusal } = taken;
  return refusal.kind === 'ValidationError'
    ? reasonOf(refusal.fields)
    : { reason: refusal.message, problems: [] };
}

/** The first problem in a sentence, and all of them. */
export function reasonOf(problems: readonly FieldProblem[]): DeadLetterReason {
  const [first] = problems;
  const reason = first === undefined ? 'The body is not acceptable.' : `${pathOf(first)}: ${first.message}`;
  return { reason, problems };
}
