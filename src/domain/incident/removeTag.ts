import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Removes a tag, in any status. */
export const removeTag: IncidentVerb<'removeIncidentTag'> = (input, state) => {
  const tag = input.tag.trim();
  return state.tags.includes(tag) ? agreed({ type: 'INCIDENT_TAG_REMOVED', payload: { tag } }) : alreadySo;
};
