import type { AdministrationEvent } from '../domain/administration/events.ts';
import type { CatalogueEventPayloads } from '../domain/catalogue/events.ts';
import { nameKey } from '../domain/incident/naming.ts';
import type { TableRows } from './port.ts';

type CatalogueEvent = Extract<AdministrationEvent, { readonly type: keyof CatalogueEventPayloads }>;
type Row = Readonly<Record<string, unknown>>;

/**
 * The rows of an event of the catalogue, derived from nothing but the event. `service`, `team` and `project` make an
 * entry; `…_name`, `…_details`, `…_merge` and `team_member_removal` are what happens to one.
 */
export function catalogueRows(event: CatalogueEvent): TableRows {
  switch (event.type) {
    case 'TEAM_CREATED': {
      const { teamId, name, slackChannel } = event.payload;
      return {
        team: [named(teamId, name)],
        ...details('team_details', teamId, { slack_channel: slackChannel }),
      };
    }
    case 'TEAM_UPDATED': {
      const { teamId, changes } = event.payload;
      const { name, slackChannel } = changes;
      return {
        ...renamed('team_name', teamId, name),
        ...details('team_details', teamId, { slack_channel: slackChannel }),
      };
    }
    case 'SERVICE_CREATED': {
      const { serviceId, name, ownerTeamId, tier, runbook } = event.payload;
      const all = { owner_team_id: ownerTeamId, tier, runbook };
      return { service: [named(serviceId, name)], ...details('service_details', serviceId, all) };
    }
    case 'SERVICE_UPDATED': {
      const { serviceId, changes } = event.payload;
      const { name, ownerTeamId, tier, runbook } = changes;
      const changed = { owner_team_id: ownerTeamId, tier, runbook };
      return {
        ...renamed('service_name', serviceId, name),
        ...details('service_details', serviceId, changed),
      };
    }
    case 'PROJECT_CREATED':
      return { project: [named(event.payload.projectId, event.payload.name)] };
    case 'PROJECT_UPDATED':
      return renamed('project_name', event.payload.projectId, event.payload.changes.name);
    case 'TEAM_MERGED':
      return { team_merge: [{ id: event.payload.teamId, merged_into: event.payload.intoTeamId }] };
    case 'SERVICE_MERGED':
      return { service_merge: [{ id: event.payload.serviceId, merged_into: event.payload.intoServiceId }] };
    case 'PROJECT_MERGED':
      return { project_merge: [{ id: event.payload.projectId, merged_into: event.payload.intoProjectId }] };
    case 'TEAM_MEMBER_ADDED': {
      const { teamId, userId } = event.payload;
      return { team_member: [{ team_id: teamId, user_id: userId, created_at: event.at }] };
    }
    case 'TEAM_MEMBER_REMOVED': {
      const { teamId, userId } = event.payload;
      return { team_member_removal: [{ team_id: teamId, user_id: userId }] };
    }
  }
}

function named(id: string, name: string): Row {
  return { id, name, name_key: nameKey(name) };
}

function renamed(table: string, id: string, name: string | undefined): TableRows {
  return name === undefined ? {} : { [table]: [named(id, name)] };
}

/** The columns that change, if any: a column that is undefined stays. */
function details(table: string, id: string, columns: Row): TableRows {
  const changes = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  return Object.keys(changes).length === 0 ? {} : { [table]: [{ id, changes }] };
}
