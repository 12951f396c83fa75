import type { NameKind } from '../incident/vocabulary.ts';
import type { ServiceDetails, TeamDetails } from './events.ts';

/** An entry of the catalogue, made on first use of its name or on purpose. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  /** The entry it is an alias of; null when it stands for itself. */
  readonly mergedInto: string | null;
}

/** A service as a decision sees it. */
export type ServiceEntry = CatalogueEntry & ServiceDetails;
/** A team as a decision sees it. */
export type TeamEntry = CatalogueEntry & TeamDetails;

/** What a decision on the catalogue may look up. */
export interface CatalogueFacts {
  /** Who has this name (compared trimmed, without case) now, an alias included; undefined when nobody has. */
  holderOf(
    kind: NameKind,
    name: string,
  ): { readonly id: string; readonly mergedInto: string | null } | undefined;
  service(serviceId: string): ServiceEntry | undefined;
  team(teamId: string): TeamEntry | undefined;
  project(projectId: string): CatalogueEntry | undefined;
  isTeamMember(teamId: string, userId: string): boolean;
}

/** The catalogue of an organization that does not exist yet. */
export const emptyCatalogue: CatalogueFacts = {
  holderOf: () => undefined,
  service: () => undefined,
  team: () => undefined,
  project: () => undefined,
  isTeamMember: () => false,
};
