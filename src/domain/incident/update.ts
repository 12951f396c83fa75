import { InputCheck } from '../inputCheck.ts';
import type { IncidentCommandInputs } from './commands.ts';
import type { IncidentEdit } from './events.ts';
import { limits } from './limits.ts';
import { namingFor } from './naming.ts';
import type { IncidentState } from './state.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

type Input = IncidentCommandInputs['updateIncident'];
type Edit = { -readonly [K in keyof IncidentEdit]: IncidentEdit[K] };

/** Edits an incident's own fields: absent leaves, null clears. Only what differs is written. */
export const update: IncidentVerb<'updateIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const edit = plainEdits(check, input);
  const startedAt =
    input.startedAt === undefined
      ? state.startedAt
      : check.optionalPastInstant('startedAt', input.startedAt, context.at);
  const endedAt =
    input.endedAt === undefined
      ? state.endedAt
      : check.optionalPastInstant('endedAt', input.endedAt, context.at);
  if (startedAt !== null && endedAt !== null && endedAt < startedAt) {
    check.note(
      input.endedAt === undefined ? 'startedAt' : 'endedAt',
      'The impact cannot end before it starts.',
    );
  }
  if (input.startedAt !== undefined) edit.startedAt = startedAt;
  if (input.endedAt !== undefined) edit.endedAt = endedAt;
  const service = check.optionalText('service', input.service, limits.name);
  const project = check.optionalText('project', input.project, limits.name);
  if (check.refusal !== null) return check.refusal;
  const naming = namingFor(context);
  if (input.service !== undefined) edit.serviceId = naming.idOrNull('SERVICE', service);
  if (input.project !== undefined) edit.projectId = naming.idOrNull('PROJECT', project);
  const changes = differing(edit, state);
  if (Object.keys(changes).length === 0) return alreadySo;
  return agreed({ type: 'INCIDENT_UPDATED', payload: { changes, ...naming.made() } });
};

const optionalFields = {
  type: limits.name,
  impact: limits.impact,
  environment: limits.name,
  runbook: limits.reference,
} as const;

function plainEdits(check: InputCheck, input: Input): Edit {
  const edit: Edit = {};
  if (input.title !== undefined) edit.title = check.text('title', input.title, limits.title);
  if (input.description !== undefined) {
    const description = input.description ?? '';
    edit.description = check.document('description', description, { min: 0, max: limits.description });
  }
  for (const field of Object.keys(optionalFields) as (keyof typeof optionalFields)[]) {
    if (input[field] !== undefined) {
      edit[field] = check.optionalText(field, input[field], optionalFields[field]);
    }
  }
  return edit;
}

function differing(edit: Edit, state: IncidentState): IncidentEdit {
  const current: Readonly<Record<string, unknown>> = { ...state };
  return Object.fromEntries(Object.entries(edit).filter(([field, value]) => current[field] !== value));
}
