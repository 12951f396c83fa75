import type { CatalogueEntry, ServiceEntry, TeamEntry } from '../domain/catalogue/facts.ts';
import type { NameKind } from '../domain/incident/vocabulary.ts';

/** What one command of administration names of the catalogue. */
export interface CatalogueLoadRequest {
  /** Compared trimmed and without case. */
  readonly names: readonly { readonly kind: NameKind; readonly name: string }[];
  readonly serviceIds: readonly string[];
  readonly teamIds: readonly string[];
  readonly projectIds: readonly string[];
  /** Whether this user is in this team. */
  readonly teamMember: { readonly teamId: string; readonly userId: string } | null;
}

/** What the database holds of the catalogue that a command names. */
export interface LoadedCatalogue {
  readonly holders: readonly {
    readonly kind: NameKind;
    /** As names are compared. */
    readonly key: string;
    readonly id: string;
    readonly mergedInto: string | null;
  }[];
  readonly services: readonly ServiceEntry[];
  readonly teams: readonly TeamEntry[];
  readonly projects: readonly CatalogueEntry[];
  readonly isTeamMember: boolean;
}
