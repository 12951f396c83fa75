import type { Actor, ActorKind, MemberRole } from '../../domain/access/actor.ts';
import type { ActionKind } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';

/** An action taken on an incident. */
export interface ActionRow {
  readonly id: string;
  readonly incidentId: string;
  readonly kind: ActionKind;
  readonly label: string;
  readonly details: string | null;
  readonly actor: Actor;
  readonly at: Instant;
  /** The incident's version right after it: its cursor. */
  readonly version: number;
}

/** A row of `incident_action`. */
export function actionOf(row: Row): ActionRow {
  return {
    id: row.id as string,
    incidentId: row.incident_id as string,
    kind: row.kind as ActionKind,
    label: row.label as string,
    details: row.details as string | null,
    actor: {
      kind: row.actor_kind as ActorKind,
      id: row.actor_id as string | null,
      role: row.actor_role as MemberRole | null,
    },
    at: row.at as Instant,
    version: Number(row.version),
  };
}
