import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandle } from '../../src/app/handle.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { idOf } from '../../src/graphql/globalId.ts';
import { createLog } from '../../src/log.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { declare, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let organizations = 0;

beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api?.close());

async function here(): Promise<{ readonly organization: TestOrganization; readonly admin: Principal }> {
  organizations += 1;
  const organization = await api.found(`here-${organizations}`);
  return { organization, admin: organization.user('ORG_ADMIN') };
}

async function read<T>(principal: Principal, document: string, variables = {}): Promise<T> {
  const { data, errors } = await api.run<T>(principal, document, variables);
  expect(errors).toEqual([]);
  return data;
}

/** The id of a service by its name, as lists show it. */
async function serviceId(principal: Principal, name: string): Promise<string> {
  const { services } = await read<{ services: { nodes: { id: string; name: string }[] } }>(
    principal,
    '{ services { nodes { id name } } }',
  );
  const found = services.nodes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not among ${JSON.stringify(services.nodes)}`);
  return found.id;
}

const sound = async ({ organizationId }: TestOrganization) =>
  expect(await compareProjections(api.database, organizationId)).toEqual([]);

describe('a name used for the first time while administration is at it', () => {
  /** Another instance, which decides on what it has loaded only when told to go on. */
  function otherInstance(): {
    readonly handle: ReturnType<typeof createHandle>;
    loaded: Promise<void>;
    goOn(): void;
  } {
    let loadedOnce = (): void => {};
    let goOn = (): void => {};
    const loaded = new Promise<void>((resolve) => {
      loadedOnce = resolve;
    });
    const going = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const store = createPostgresStore(api.database);
    const handle = createHandle({
      store: {
        ...store,
        async load(request) {
          const found = await store.load(request);
          loadedOnce();
          await going;
          return found;
        },
      },
      clock: api.clock,
      inbox: { committed: () => {}, ring: () => {} },
      log: createLog('silent'),
    });
    return { handle, loaded, goOn };
  }

  const declaration = (admin: Principal, service: string) =>
    ({
      organizationId: admin.organizationId,
      actor: admin.actor,
      target: { by: 'new' },
      command: { name: 'declareIncident', input: { title: 'Late', severity: 'SEV4', service } },
    }) as const;

  const serviceOfLatest = async (admin: Principal) => {
    const { incidents } = await read<{ incidents: { nodes: { service: { id: string; name: string } }[] } }>(
      admin,
      '{ incidents(first: 1, orderBy: { field: NUMBER, direction: DESC }) { nodes { service { id name } } } }',
    );
    return incidents.nodes[0]?.service;
  };

  test('is the one that was renamed to it meanwhile', async () => {
    const { organization, admin } = await here();
    await declare(api, admin, { service: 'old' });
    const id = await serviceId(admin, 'old');
    const { handle, loaded, goOn } = otherInstance();
    const declared = handle(declaration(admin, 'new'));
    await loaded;
    await mutate(api, admin, 'updateService', { serviceId: id, name: 'New' });
    goOn();
    expect((await declared).kind).toBe('done');
    expect(await serviceOfLatest(admin)).toEqual({ id, name: 'New' });
    await sound(organization);
  });

  test('is what the one it meant was merged into meanwhile', async () => {
    const { organization, admin } = await here();
    for (const service of ['cart', 'checkout']) await declare(api, admin, { service });
    const [cart, checkout] = [await serviceId(admin, 'cart'), await serviceId(admin, 'checkout')];
    const { handle, loaded, goOn } = otherInstance();
    const declared = handle(declaration(admin, 'cart'));
    await loaded;
    await mutate(api, admin, 'mergeServices', { serviceId: cart, intoServiceId: checkout });
    goOn();
    expect((await declared).kind).toBe('done');
    expect(await serviceOfLatest(admin)).toEqual({ id: checkout, name: 'checkout' });
    await sound(organization);
  });

  test('keeps administration from giving it to another', async () => {
    const { organization, admin } = await here();
    await declare(api, admin, { service: 'old' });
    const id = await serviceId(admin, 'old');
    const { handle, loaded, goOn } = otherInstance();
    const renamed = handle({
      organizationId: admin.organizationId,
      actor: admin.actor,
      scopes: admin.scopes,
      target: { by: 'administration' },
      command: { name: 'updateService', input: { serviceId: idOf('Service', id) ?? '', name: 'taken' } },
    });
    await loaded;
    await declare(api, admin, { service: 'Taken' });
    goOn();
    expect(await renamed).toMatchObject({ refusal: { fields: [{ path: ['name'] }] } });
    expect(await serviceId(admin, 'Taken')).not.toBe(id);
    await sound(organization);
  });
});
