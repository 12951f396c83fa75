import { v7 } from 'uuid';
import { type OneError, type RehearsedError, rehearseError } from '../../app/rehearseError.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { Incident } from '../incident/incident.ts';
import { ErrorOutcomeEnum } from '../reported/reportedError.ts';

interface PreviewedError extends RehearsedError {
  readonly fingerprint: string;
}

/** What would become of an error. */
export const ErrorPreview = builder.objectRef<PreviewedError>('ErrorPreview').implement({
  description: 'What would become of an error, were it reported now.',
  fields: (t) => ({
    fingerprint: t.exposeString('fingerprint', {
      description: 'What it has in common with errors of its kind: given with it, or made from what it says.',
    }),
    outcome: t.expose('outcome', {
      type: ErrorOutcomeEnum,
      description:
        'What `reportErrors` would answer. Of one that was reported before, as severe as this or more: what became of it then.',
    }),
    why: t.exposeString('why', { description: 'Why, in a sentence.' }),
    incident: t.field({
      type: Incident,
      nullable: true,
      description:
        'The incident it would join or reopen, as it is now; of one that was reported before, the incident it belongs to. Null when it would declare one, or be kept without one.',
      resolve: ({ incidentId }, _args, { loaders }) =>
        incidentId === null ? null : loaders.incident.load(incidentId),
    }),
    severity: t.field({
      type: IncidentSeverityEnum,
      nullable: true,
      description: 'How severe its incident would be right after; null when there would be none.',
      resolve: async ({ severity, incidentId }, _args, { loaders }) => {
        if (severity !== null || incidentId === null) return severity;
        return (await loaders.incident.load(incidentId))?.state.severity ?? null;
      },
    }),
  }),
});

/** What would become of an error now. @throws FORBIDDEN, and BAD_USER_INPUT when it would be refused */
export async function previewReported(one: OneError, context: GraphQLContext): Promise<PreviewedError> {
  authorizeRead('incident', context);
  const { database, clock, principal } = context;
  const rehearsed = await rehearseError(one, principal, { database, clock, newId: () => v7() });
  if (rehearsed.kind !== 'done') throw badUserInput(`payload.error: ${rehearsed.message}`);
  return { ...rehearsed, fingerprint: one.fingerprint };
}
