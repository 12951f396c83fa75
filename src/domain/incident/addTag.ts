import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { listLimit } from './state.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Adds a tag, in any status; at most 50. */
export const addTag: IncidentVerb<'addIncidentTag'> = (input, state) => {
  const check = new InputCheck();
  const tag = check.text('tag', input.tag, limits.tag);
  const has = state.tags.includes(tag);
  if (!has && state.tags.length >= listLimit) check.note('tag', `An incident has at most ${listLimit} tags.`);
  if (check.refusal !== null) return check.refusal;
  return has ? alreadySo : agreed({ type: 'INCIDENT_TAG_ADDED', payload: { tag } });
};
