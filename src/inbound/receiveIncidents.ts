import { syncOutcomes } from '../app/syncIncidents.ts';
import { referenceOf } from '../domain/incident/state.ts';
import { answerTo, buried, receiveJson } from './receiveWebhook.ts';
import type { Reception } from './reception.ts';
import { type InboundReply, jsonReply } from './reply.ts';
import { poisonIn } from './takeIn.ts';
import type { ScopeOf } from './takeInErrors.ts';
import { type IncidentsTakenIn, incidentsFormat, takeInIncidents } from './takeInIncidents.ts';

const sender = {
  name: incidentsFormat,
  sendLess: 'send fewer incidents at a time.',
  sentAgain: 'what was synced is unchanged then.',
};

/**
 * Answers `POST /inbound/incidents`: `{"source": …, "incidents": […]}` or a list, each with the fields of the mutation
 * `syncIncidents`, under those names or as the columns of a table. 200 says what became of each, once all are committed;
 * everything else as for a webhook.
 */
export async function receiveIncidents(
  reception: Reception,
  scopeOf: ScopeOf,
  keyInPath: string,
): Promise<InboundReply> {
  const received = await receiveJson(sender, reception, keyInPath);
  if ('reply' in received) return received.reply;
  const { principal, value, raw } = received;
  const { handle, now } = reception;
  const taken = await takeInIncidents(value, principal, { handle, scopeOf, now });
  if (taken.kind === 'reported') return syncedReply(taken);
  const reply = answerTo(taken, sender, reception, principal);
  const poison = poisonIn(taken);
  return poison === null ? reply : buried({ raw, ...poison }, reply, sender, reception, principal);
}

function syncedReply({ incidents }: Extract<IncidentsTakenIn, { readonly kind: 'reported' }>): InboundReply {
  const counts = syncOutcomes.map((outcome) => {
    return [outcome.toLowerCase(), incidents.filter((one) => one.outcome === outcome).length] as const;
  });
  const told = incidents.map(({ source, key, outcome, number }) => {
    return { source, key, outcome, incident: number === null ? null : referenceOf(number) };
  });
  return jsonReply(200, { status: 'success', ...Object.fromEntries(counts), incidents: told });
}
