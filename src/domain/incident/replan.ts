import { alreadySo, type IncidentVerb } from './verb.ts';

/** Writes nothing of its own: the commit that follows stores the deadlines of the current policy. */
export const replan: IncidentVerb<'replanIncident'> = () => alreadySo;
