import type { NameKind } from '../../domain/incident/vocabulary.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** A service, team or project, made on first use of its name. */
export interface NameRow {
  readonly id: string;
  readonly name: string;
}

/** Services, teams or projects by id, in the order asked for. */
export async function names(
  scope: ReadScope,
  kind: NameKind,
  ids: readonly string[],
): Promise<(NameRow | null)[]> {
  const client = scope.database.for(scope.organizationId);
  const wanted: Wanted = {
    where: { organizationId: scope.organizationId, id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  };
  const rows = await readers[kind](client, wanted);
  return inOrder(ids, new Map(rows.map((row) => [row.id, row])));
}

type Client = ReturnType<ReadScope['database']['for']>;
type Wanted = {
  where: { organizationId: string; id: { in: string[] } };
  select: { id: true; name: true };
};

const readers: Readonly<Record<NameKind, (client: Client, wanted: Wanted) => Promise<NameRow[]>>> = {
  SERVICE: (client, wanted) => client.service.findMany(wanted),
  TEAM: (client, wanted) => client.team.findMany(wanted),
  PROJECT: (client, wanted) => client.project.findMany(wanted),
};
