/** What the catalogue knows of a service beside its name; every field is complete. */
export interface ServiceDetails {
  /** The team that owns it. */
  readonly ownerTeamId: string | null;
  /** How much depends on it: 1, everything, to 4, nothing. */
  readonly tier: number | null;
  /** A path or URL. */
  readonly runbook: string | null;
}

/** What the catalogue knows of a team beside its name and members. */
export interface TeamDetails {
  readonly slackChannel: string | null;
}

/** Changes of an entry: only what changed. */
type Changed<D> = Partial<D & { readonly name: string }>;

/**
 * Event type → payload, of the catalogue's part of the administration ledger. `…_MERGED`: the first is an alias of the
 * second from here on; `name` is what the first was called.
 */
export interface CatalogueEventPayloads {
  TEAM_CREATED: { readonly teamId: string; readonly name: string } & TeamDetails;
  TEAM_UPDATED: { readonly teamId: string; readonly changes: Changed<TeamDetails> };
  TEAM_MERGED: { readonly teamId: string; readonly name: string; readonly intoTeamId: string };
  TEAM_MEMBER_ADDED: { readonly teamId: string; readonly userId: string };
  TEAM_MEMBER_REMOVED: { readonly teamId: string; readonly userId: string };
  SERVICE_CREATED: { readonly serviceId: string; readonly name: string } & ServiceDetails;
  SERVICE_UPDATED: { readonly serviceId: string; readonly changes: Changed<ServiceDetails> };
  SERVICE_MERGED: { readonly serviceId: string; readonly name: string; readonly intoServiceId: string };
  PROJECT_CREATED: { readonly projectId: string; readonly name: string };
  PROJECT_UPDATED: { readonly projectId: string; readonly changes: { readonly name: string } };
  PROJECT_MERGED: { readonly projectId: string; readonly name: string; readonly intoProjectId: string };
}
