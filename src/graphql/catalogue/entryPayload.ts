import type { AdministrationCommandName } from '../../domain/administration/commands.ts';
import type { NameRow } from '../../store/read/names.ts';
import type { GraphQLContext } from '../context.ts';
import type { OrganizationOutcome } from '../mutation/organizationMutation.ts';

/** Ids inside an event of the catalogue; which are there says its type. */
type Ids = Readonly<Partial<Record<'serviceId' | 'teamId' | 'projectId', string>>>;

/**
 * The entry a mutation of the catalogue was about, as it is now: the one its event names (a repeat made no other), or
 * the one it asked for when nothing had to be written.
 */
export async function entryAfter<N extends AdministrationCommandName>(
  { entries }: OrganizationOutcome<N>,
  kind: 'service' | 'team' | 'project',
  asked: string,
  { loaders }: GraphQLContext,
): Promise<NameRow> {
  const payload = entries[0]?.event.payload as Ids | undefined;
  const entry = await loaders[kind].load(payload?.[`${kind}Id`] ?? asked);
  if (entry === null) throw new Error(`A ${kind} was changed and cannot be read.`);
  return entry;
}
