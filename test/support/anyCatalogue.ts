import fc from 'fast-check';
import type { Request } from '../../src/app/answer.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import type { AdministrationCommand } from '../../src/domain/administration/commands.ts';
import type { Database } from '../../src/store/database.ts';

const kinds = ['Service', 'Team', 'Project'] as const;

/** Something done to the catalogue: to whatever has the one name by then, with the other. */
export const anyCatalogueStep = fc.record({
  kind: fc.constantFrom(...kinds),
  what: fc.constantFrom('create', 'rename', 'merge'),
  // Names that anyCommand uses, too.
  of: fc.constantFrom('a', 'b', 'checkout', 'c'),
  other: fc.constantFrom('a', 'B', 'Checkout', 'c', 'd'),
});
/** What {@link anyCatalogueStep} makes. */
type CatalogueStep = typeof anyCatalogueStep extends fc.Arbitrary<infer S> ? S : never;

/** The step as a request; null when nothing has the name yet. */
export async function catalogueRequest(
  database: Database,
  organizationId: string,
  actor: Actor,
  { kind, what, of, other }: CatalogueStep,
  newId: () => string,
): Promise<Request | null> {
  const idOf = async (name: string): Promise<string | null> => {
    const [row] = await database.asOrganization<{ id: string }>(
      organizationId,
      `SELECT id FROM warroom.${kind.toLowerCase()} WHERE name_key = $1`,
      [name.toLowerCase()],
    );
    return row?.id ?? null;
  };
  const of_ = await idOf(of);
  const ids = { [`${kind.toLowerCase()}Id`]: of_, [`into${kind}Id`]: await idOf(other) };
  const named =
    what === 'create'
      ? { name: `create${kind}`, input: { name: other, made: { id: newId() } } }
      : what === 'rename'
        ? { name: `update${kind}`, input: { ...ids, name: other } }
        : { name: `merge${kind}s`, input: ids };
  if (what !== 'create' && of_ === null) return null;
  if (what === 'merge' && ids[`into${kind}Id`] === null) return null;
  const command = named as unknown as AdministrationCommand;
  return { organizationId, actor, scopes: ['ADMIN'], target: { by: 'administration' }, command };
}
