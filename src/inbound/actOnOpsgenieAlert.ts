import type { Principal } from '../domain/access/principal.ts';
import type { IncidentCommand } from '../domain/incident/commands.ts';
import { integrationOf, undelivered } from './deliver.ts';
import type { JsonObject } from './fieldReader.ts';
import { findOpsgenieAlert, type NamedAlert } from './findOpsgenieAlert.ts';
import { handleWhole } from './handleWhole.ts';
import { noteLost } from './noteLost.ts';
import type { Worked } from './opsgenie.ts';
import { type OpsgenieAction, ownerOf } from './opsgenieActions.ts';
import { type Reception, translationContext } from './reception.ts';
import { onceInAWhile } from './repeats.ts';

/** An action that is asked for, and on which alert. */
export interface AskedAction {
  readonly action: OpsgenieAction;
  readonly named: NamedAlert;
  readonly body: JsonObject;
  readonly query: URLSearchParams;
}

/**
 * Carries out an action on an alert of this key. An alert that is not there, and what its incident refuses, are no
 * errors of the request: as with Opsgenie, its status tells of them.
 * @throws the database's error when the alert cannot be looked up; then nothing is done.
 */
export async function actOnOpsgenieAlert(
  reception: Reception,
  principal: Principal,
  { action, named, body, query }: AskedAction,
): Promise<Worked> {
  const errors = action.errors(body, query);
  if (errors !== null) return { kind: 'invalid', errors };
  const about = { kind: 'worked', action: action.name } as const;
  const alert = await findOpsgenieAlert(reception, principal, named);
  if (alert === null)
    return { ...about, succeeded: false, outcome: 'Alert does not exist', incidentId: null };
  const { record, dedupKey } = alert;
  const incidentId = record.state.id;
  const owner = ownerOf(body.owner);
  const commands = action.commands({
    body,
    query,
    dedupKey,
    context: translationContext(reception, principal),
    state: record.state,
    owner: owner === null ? null : await reception.alerts.member(principal, owner),
  });
  if (typeof commands === 'string') return { ...about, succeeded: false, outcome: commands, incidentId };
  const asked = [action.name, incidentId, JSON.stringify(body)];
  const refused = await carryOut(reception, principal, { incidentId, commands, asked });
  if (refused === null) return { ...about, succeeded: true, outcome: action.done, incidentId };
  return typeof refused === 'string' ? { ...about, succeeded: false, outcome: refused, incidentId } : refused;
}

/** What is carried out on an incident, and what tells the request for it from any other. */
interface Carried {
  readonly incidentId: string;
  readonly commands: readonly IncidentCommand[];
  readonly asked: readonly string[];
}

/** What has its effect each time, unlike all else that is asked for: clients that are not answered ask once more. */
const hasEffectEachTime: ReadonlySet<IncidentCommand['name']> = new Set([
  'addIncidentNote',
  'escalateIncident',
]);

/**
 * Null once all are committed; else why the first of them that is not was refused, or could not be carried out. A note
 * that cannot be added to what is done is logged: a sender that is told otherwise would do all of it again.
 */
async function carryOut(
  reception: Reception,
  principal: Principal,
  { incidentId, commands, asked }: Carried,
): Promise<string | Worked | null> {
  const { organizationId } = principal;
  const actor = integrationOf(principal);
  for (const [index, command] of commands.entries()) {
    const target = { by: 'id', incidentId } as const;
    try {
      const isEach = hasEffectEachTime.has(command.name);
      const request = isEach ? await onceInAWhile(reception, principal, [...asked, String(index)]) : null;
      if (isEach && request === null) continue;
      const about = { organizationId, actor, door: 'connector', target, command, request } as const;
      const answer = await handleWhole(reception.handle, about);
      if (answer.kind === 'refused') return answer.refusal.message;
    } catch (error) {
      if (index === 0 || command.name !== 'addIncidentNote') return undelivered(error);
      noteLost(reception, principal, error);
    }
  }
  return null;
}
