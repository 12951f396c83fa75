import type { ReadScope } from './scope.ts';

/** The organization itself. */
export interface OrganizationRow {
  readonly slug: string;
  readonly name: string;
}

/** The organization of the scope, or null when it is gone. */
export async function organization(scope: ReadScope): Promise<OrganizationRow | null> {
  return scope.database.for(scope.organizationId).organization.findUnique({
    where: { id: scope.organizationId },
    select: { slug: true, name: true },
  });
}
