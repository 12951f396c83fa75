import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { agreed, type IncidentVerb } from './verb.ts';

/** Records something that was done about the incident, in any status. Of kind NOTE it is a note on the timeline. */
export const addAction: IncidentVerb<'addIncidentAction'> = (input, _state, context) => {
  const check = new InputCheck();
  const label = check.text('label', input.label, limits.label);
  const details = check.optionalText('details', input.details, limits.details);
  if (check.refusal !== null) return check.refusal;
  if (input.kind === 'NOTE') {
    const message = details === null ? label : `${label}\n${details}`;
    return agreed({ type: 'INCIDENT_NOTE_ADDED', payload: { message } });
  }
  return agreed({
    type: 'INCIDENT_PLAYBOOK_ACTION_EXECUTED',
    payload: { actionId: context.newId(), kind: input.kind, label, details },
  });
};
