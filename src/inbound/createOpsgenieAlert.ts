import { v7 } from 'uuid';
import type { Answer } from '../app/answer.ts';
import type { Principal } from '../domain/access/principal.ts';
import { limits } from '../domain/incident/limits.ts';
import { clip } from './clip.ts';
import { configured } from './configured.ts';
import { integrationOf, undelivered } from './deliver.ts';
import type { JsonObject } from './fieldReader.ts';
import { noteLost } from './noteLost.ts';
import { alertErrors, filled, opsgenie, type Worked } from './opsgenie.ts';
import { type Reception, translationContext } from './reception.ts';
import { onceOf } from './repeats.ts';

/** What creating an alert needs of a reception: where it came from is only logged. */
export type AlertReception = Pick<Reception, 'handle' | 'log' | 'defaultSeverity'> & {
  readonly request: Pick<Reception['request'], 'remoteAddress'>;
};

const action = 'Create';

/**
 * Creates an alert, or counts one of the same alias that is not over. One without an alias is its own: the id it will
 * have is its alias, as with Opsgenie; `newId` where it is declared.
 */
export async function createOpsgenieAlert(
  reception: AlertReception,
  principal: Principal,
  body: JsonObject,
  newId: string = v7(),
): Promise<Worked> {
  const errors = alertErrors(body);
  if (errors !== null) return { kind: 'invalid', errors };
  const { handle } = reception;
  const about = { organizationId: principal.organizationId, actor: integrationOf(principal) };
  const newIncidentId = newId;
  const alias = filled(body.alias) ?? newId;
  const input = configured(opsgenie(body, alias, translationContext(reception, principal)), principal.ingest);
  let answer: Answer;
  try {
    answer = await handle({
      ...about,
      target: { by: 'dedupKey', key: input.dedupKey, newIncidentId },
      command: { name: 'receiveSignals', input },
    });
  } catch (error) {
    return undelivered(error);
  }
  if (answer.kind === 'refused') {
    const outcome = answer.refusal.message;
    return { kind: 'worked', action, succeeded: false, outcome, incidentId: null };
  }
  const incidentId = answer.incident?.state.id ?? null;
  const note = filled(body.note);
  if (note !== null && incidentId !== null) {
    const command = { name: 'addIncidentNote', input: { message: clip(note, limits.message) } } as const;
    try {
      // The alert comes again and again, its note with it: written once.
      const request = onceOf(principal.credentialId, ['note of a create', incidentId, note]);
      await handle({ ...about, door: 'connector', target: { by: 'id', incidentId }, command, request });
    } catch (error) {
      // There is an alert by now: a sender that is told otherwise would create another.
      noteLost(reception, principal, error);
    }
  }
  return { kind: 'worked', action, succeeded: true, outcome: 'Created alert', incidentId };
}
