import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Unlinks a ticket, in any status. */
export const unlinkTicket: IncidentVerb<'unlinkIncidentTicket'> = (input, state) => {
  const url = input.url.trim();
  const ticket = state.tickets.find((linked) => linked.url === url);
  if (ticket === undefined) return alreadySo;
  return agreed({ type: 'INCIDENT_UNLINKED_FROM_TICKET', payload: { url: ticket.url, key: ticket.key } });
};
