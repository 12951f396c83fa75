import { v7 } from 'uuid';
import { systemActor } from '../domain/access/actor.ts';
import type { AdministrationCommand } from '../domain/administration/commands.ts';
import type { Database } from '../store/database.ts';
import type { KeyKeeper, KeyOutcome, ListedKey } from '../store/keyKeeper.ts';
import { apiKeyPage } from '../store/read/apiKeys.ts';
import { organizationOfSlug } from '../store/read/standing.ts';
import type { Handle } from './answer.ts';
import { makeSecret } from './makeSecret.ts';

/** Keys listed at most. */
const listedAtMost = 1_000;

/**
 * API keys as Warroom itself keeps them, for the command line: whoever may run it may do anything to the database
 * anyway, and the ledger says that it was Warroom.
 */
export function createKeyKeeper({
  database,
  handle,
}: {
  readonly database: Database;
  readonly handle: Handle;
}): KeyKeeper {
  const carryOut = async (
    slug: string,
    command: AdministrationCommand,
    made: { readonly id: string; readonly secret: string | null },
  ): Promise<KeyOutcome> => {
    const organization = await organizationOfSlug(database, slug);
    if (organization === null) return { kind: 'refused', message: `There is no organization ${slug}.` };
    const { organizationId } = organization;
    const target = { by: 'administration' } as const;
    const answer = await handle({ organizationId, actor: systemActor, target, command });
    return answer.kind === 'done'
      ? { kind: 'done', ...made }
      : { kind: 'refused', message: answer.refusal.message };
  };
  return {
    async list(slug) {
      const organization = await organizationOfSlug(database, slug);
      if (organization === null) return null;
      const scope = { database, organizationId: organization.organizationId };
      const window = { size: listedAtMost, backward: false, after: null, before: null };
      return (await apiKeyPage(scope, window)).items.map(
        ({ createdBy: _createdBy, ...key }): ListedKey => ({ ...key }),
      );
    },
    create(slug, wanted) {
      const { secret, prefix, hash } = makeSecret();
      const made = { apiKeyId: v7(), prefix, hash };
      const command = { name: 'createApiKey', input: { ...wanted, made } } as const;
      return carryOut(slug, command, { id: made.apiKeyId, secret });
    },
    rotate(slug, apiKeyId, overlapMinutes) {
      const { secret, ...made } = makeSecret();
      const command = { name: 'rotateApiKey', input: { apiKeyId, overlapMinutes, made } } as const;
      return carryOut(slug, command, { id: apiKeyId, secret });
    },
    revoke: (slug, apiKeyId) =>
      carryOut(slug, { name: 'revokeApiKey', input: { apiKeyId } }, { id: apiKeyId, secret: null }),
  };
}
