import type { NameKind } from '../incident/vocabulary.ts';
import type { CatalogueEventPayloads } from './events.ts';

type CatalogueEvent = {
  [T in keyof CatalogueEventPayloads]: { readonly type: T; readonly payload: CatalogueEventPayloads[T] };
}[keyof CatalogueEventPayloads];

/** How ids become words in sentences about the catalogue. */
interface CatalogueNames {
  user(userId: string): string;
  name(kind: NameKind, id: string): string;
}

const fieldWords: Readonly<Record<string, string>> = {
  name: 'name',
  slackChannel: 'Slack channel',
  ownerTeamId: 'owner team',
  tier: 'tier',
  runbook: 'runbook',
};

/** An event of the catalogue as one sentence for a person. */
export function describeCatalogue(event: CatalogueEvent, who: string, names: CatalogueNames): string {
  switch (event.type) {
    case 'TEAM_CREATED':
      return `${who} created the team ${event.payload.name}.`;
    case 'SERVICE_CREATED':
      return `${who} created the service ${event.payload.name}.`;
    case 'PROJECT_CREATED':
      return `${who} created the project ${event.payload.name}.`;
    case 'TEAM_UPDATED':
      return updated(who, `team ${names.name('TEAM', event.payload.teamId)}`, event.payload.changes);
    case 'SERVICE_UPDATED':
      return updated(who, `service ${names.name('SERVICE', event.payload.serviceId)}`, event.payload.changes);
    case 'PROJECT_UPDATED':
      return updated(who, `project ${names.name('PROJECT', event.payload.projectId)}`, event.payload.changes);
    case 'TEAM_MERGED':
      return `${who} merged the team ${event.payload.name} into ${names.name('TEAM', event.payload.intoTeamId)}.`;
    case 'SERVICE_MERGED':
      return `${who} merged the service ${event.payload.name} into ${names.name('SERVICE', event.payload.intoServiceId)}.`;
    case 'PROJECT_MERGED':
      return `${who} merged the project ${event.payload.name} into ${names.name('PROJECT', event.payload.intoProjectId)}.`;
    case 'TEAM_MEMBER_ADDED':
      return `${who} put ${names.user(event.payload.userId)} into the team ${names.name('TEAM', event.payload.teamId)}.`;
    case 'TEAM_MEMBER_REMOVED':
      return `${who} took ${names.user(event.payload.userId)} out of the team ${names.name('TEAM', event.payload.teamId)}.`;
    default:
      return unknown(event, who);
  }
}

function updated(who: string, what: string, changes: { readonly name?: string }): string {
  if (changes.name !== undefined && Object.keys(changes).length === 1) {
    return `${who} renamed the ${what.split(' ', 1)[0]} to ${changes.name}.`;
  }
  const fields = Object.keys(changes).map((field) => fieldWords[field] ?? field);
  return `${who} changed the ${fields.join(', ')} of the ${what}.`;
}

/** A newer instance may have written a type that this one does not know yet. */
function unknown(event: never, who: string): string {
  return `${who}: ${(event as { readonly type: string }).type}.`;
}
