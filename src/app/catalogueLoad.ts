import type { AdministrationCommand } from '../domain/administration/commands.ts';
import { type CatalogueFacts, emptyCatalogue } from '../domain/catalogue/facts.ts';
import { nameKey } from '../domain/incident/naming.ts';
import type { NameKind } from '../domain/incident/vocabulary.ts';
import type { CatalogueLoadRequest, LoadedCatalogue } from '../store/catalogueLoad.ts';
import { isUuid } from './isUuid.ts';

/** What a command names of the catalogue, for its load; null when that is nothing. */
export function catalogueLoadOf(command: AdministrationCommand): CatalogueLoadRequest | null {
  switch (command.name) {
    case 'createTeam':
      return asking({ names: named('TEAM', command.input.name) });
    case 'updateTeam':
      return asking({ names: named('TEAM', command.input.name), teamIds: [command.input.teamId] });
    case 'mergeTeams':
      return asking({ teamIds: [command.input.teamId, command.input.intoTeamId] });
    case 'addTeamMember':
    case 'removeTeamMember': {
      const { teamId } = command.input;
      return asking({ teamIds: [teamId], teamMember: isUuid(teamId) ? command.input : null });
    }
    case 'createService':
    case 'updateService': {
      const { name, ownerTeam } = command.input;
      const serviceIds = command.name === 'updateService' ? [command.input.serviceId] : [];
      return asking({ names: [...named('SERVICE', name), ...named('TEAM', ownerTeam)], serviceIds });
    }
    case 'setMaintenanceWindows':
      return asking({
        serviceIds: [
          ...new Set(
            command.input.windows.slice(0, 50).flatMap(({ serviceIds }) => serviceIds?.slice(0, 50) ?? []),
          ),
        ],
      });
    case 'mergeServices':
      return asking({ serviceIds: [command.input.serviceId, command.input.intoServiceId] });
    case 'createProject':
      return asking({ names: named('PROJECT', command.input.name) });
    case 'updateProject':
      return asking({ names: named('PROJECT', command.input.name), projectIds: [command.input.projectId] });
    case 'mergeProjects':
      return asking({ projectIds: [command.input.projectId, command.input.intoProjectId] });
    default:
      return null;
  }
}

function asking(wanted: Partial<CatalogueLoadRequest>): CatalogueLoadRequest {
  const { names = [], serviceIds = [], teamIds = [], projectIds = [], teamMember = null } = wanted;
  return {
    // A name no entry may have is refused when it is decided; it need not be looked up.
    names: names.filter(({ name }) => name.trim() !== '' && name.length <= 1_000),
    serviceIds: serviceIds.filter(isUuid),
    teamIds: teamIds.filter(isUuid),
    projectIds: projectIds.filter(isUuid),
    teamMember,
  };
}

function named(kind: NameKind, name: string | null | undefined): CatalogueLoadRequest['names'] {
  return name == null ? [] : [{ kind, name }];
}

/** What was loaded of the catalogue, as facts of the decision. */
export function catalogueFactsOf(loaded: LoadedCatalogue | null): CatalogueFacts {
  if (loaded === null) return emptyCatalogue;
  const { holders, services, teams, projects, isTeamMember } = loaded;
  return {
    holderOf: (kind, name) => holders.find((one) => one.kind === kind && one.key === nameKey(name)),
    service: (serviceId) => services.find(({ id }) => id === serviceId),
    team: (teamId) => teams.find(({ id }) => id === teamId),
    project: (projectId) => projects.find(({ id }) => id === projectId),
    isTeamMember: () => isTeamMember,
  };
}
