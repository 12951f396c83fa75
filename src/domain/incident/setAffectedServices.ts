import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { nameKey, namingFor } from './naming.ts';
import type { AffectedService } from './state.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Says which services suffer, and how much: the whole list, at most 50, each service once. */
export const setAffectedServices: IncidentVerb<'setAffectedServices'> = (input, state, context) => {
  const check = new InputCheck();
  const seen = new Set<string>();
  const named = check.list('services', input.services, (path, { name, impact }) => {
    const text = check.text([...path, 'name'], name, limits.name);
    if (text !== '' && seen.has(nameKey(text)))
      check.note([...path, 'name'], 'This service is listed twice.');
    seen.add(nameKey(text));
    return { name: text, impact };
  });
  if (check.refusal !== null) return check.refusal;
  const naming = namingFor(context);
  const services = named.map(({ name, impact }) => ({ serviceId: naming.idOf('SERVICE', name), impact }));
  // Two names may be one service, since one was merged into the other.
  const ids = new Set<string>();
  for (const [index, { serviceId }] of services.entries()) {
    if (ids.has(serviceId)) check.note(['services', String(index), 'name'], 'This service is listed twice.');
    ids.add(serviceId);
  }
  if (check.refusal !== null) return check.refusal;
  if (isSame(services, state.affectedServices)) return alreadySo;
  return agreed({ type: 'INCIDENT_AFFECTED_SERVICES_SET', payload: { services, ...naming.made() } });
};

/** Whether both say the same, in whatever order. */
function isSame(a: readonly AffectedService[], b: readonly AffectedService[]): boolean {
  const impacts = new Map(b.map(({ serviceId, impact }) => [serviceId, impact]));
  return a.length === b.length && a.every(({ serviceId, impact }) => impacts.get(serviceId) === impact);
}
