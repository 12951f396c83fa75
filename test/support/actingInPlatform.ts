import { foundPlatform } from '../../src/app/foundPlatform.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { platform } from '../../src/domain/administration/platform.ts';
import type { TestApi } from './testApi.ts';

/** Founds the platform organization unless it is there, and answers how a superadmin acts in it. */
export async function actingInPlatform(api: TestApi): Promise<Principal> {
  await foundPlatform(api.database, api.clock);
  return {
    organizationId: platform.organizationId,
    organizationSlug: platform.slug,
    actor: { kind: 'USER', id: 'sol', role: 'ORG_ADMIN' },
    scopes: ['READ', 'RESPOND', 'ADMIN'],
    credentialId: 'sol',
    superadmin: true,
    platformRole: 'SUPERADMIN',
  };
}
