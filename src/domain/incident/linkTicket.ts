import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { listLimit } from './state.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Links a ticket by its URL, in any status; a link of the same URL is replaced. At most 50. */
export const linkTicket: IncidentVerb<'linkIncidentTicket'> = (input, state) => {
  const check = new InputCheck();
  const url = check.url('url', input.url, limits.reference);
  const key = check.optionalText('key', input.key, limits.name);
  const linked = state.tickets.find((ticket) => ticket.url === url);
  if (linked === undefined && state.tickets.length >= listLimit) {
    check.note('url', `An incident has at most ${listLimit} tickets.`);
  }
  if (check.refusal !== null) return check.refusal;
  // Linking again without a key does not forget the key.
  if (linked !== undefined && (key === null || linked.key === key)) return alreadySo;
  return agreed({ type: 'INCIDENT_LINKED_TO_TICKET', payload: { url, key } });
};
