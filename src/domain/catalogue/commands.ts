/** The fields of a service beside its name, as a caller gives them: absent leaves, null clears. */
interface GivenServiceDetails {
  /** A team by its name. */
  readonly ownerTeam?: string | null;
  readonly tier?: number | null;
  readonly runbook?: string | null;
}

/** The fields of a team beside its name, as a caller gives them. */
interface GivenTeamDetails {
  readonly slackChannel?: string | null;
}

/** Made by the application: the id of what is created. */
interface Made {
  readonly made: { readonly id: string };
}

/** Mutation of the catalogue → its input. */
export interface CatalogueCommandInputs {
  createTeam: { readonly name: string } & GivenTeamDetails & Made;
  updateTeam: { readonly teamId: string; readonly name?: string | null } & GivenTeamDetails;
  mergeTeams: { readonly teamId: string; readonly intoTeamId: string };
  addTeamMember: { readonly teamId: string; readonly userId: string };
  removeTeamMember: { readonly teamId: string; readonly userId: string };
  createService: { readonly name: string } & GivenServiceDetails & Made;
  updateService: { readonly serviceId: string; readonly name?: string | null } & GivenServiceDetails;
  mergeServices: { readonly serviceId: string; readonly intoServiceId: string };
  createProject: { readonly name: string } & Made;
  updateProject: { readonly projectId: string; readonly name?: string | null };
  mergeProjects: { readonly projectId: string; readonly intoProjectId: string };
}
