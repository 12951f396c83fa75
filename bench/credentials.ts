import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { v7 } from 'uuid';
import { createGuessing } from '../src/app/guessing.ts';
import { createIdentity } from '../src/identity/createIdentity.ts';
import { bootstrap } from '../src/main/bootstrap.ts';
import type { Database } from '../src/store/database.ts';
import { noteAddressProven, setOwnDetails } from '../src/store/identity/passwordRows.ts';
import { inPlace } from './support/benchDatabase.ts';
import { withCleanUp } from './support/cleanUp.ts';
import { effort, quick } from './support/effort.ts';
import { HttpConnection } from './support/httpConnection.ts';
import {
  baseline,
  benchKey,
  type Measured,
  startProcess,
  startWarroom,
  whileRunning,
} from './support/processes.ts';
import { below, median, type Row } from './support/row.ts';

const clients = 8;
const requestsEach = quick ? 300 : 1_500;
const body = JSON.stringify({ query: '{ __typename }' });
const clock = { now: () => new Date().toISOString() };
const founder = 'administrator@localhost';
/** Whose token it is: an issuer's addresses have a domain. */
const email = 'administrator@bench.example';
const issuer = 'https://issuer.bench/';

/** Milliseconds of processor time a request takes the process. */
async function processorTime(server: Measured, headers: Record<string, string>): Promise<number> {
  const connections = await Promise.all(
    Array.from({ length: clients }, () => HttpConnection.open(`${server.url}/graphql`, headers)),
  );
  const send = (each: number) =>
    Promise.all(
      connections.map(async (connection) => {
        for (let n = 0; n < each; n += 1) {
          const { status, body: answer } = await connection.post(body);
          if (status !== 200 || !answer.includes('"Query"')) throw new Error(`refused: ${status} ${answer}`);
        }
      }),
    );
  try {
    await send(Math.ceil(requestsEach / 5));
    const before = await server.ask('processor');
    await send(requestsEach);
    return ((await server.ask('processor')) - before) / (clients * requestsEach);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** The cookie of a browser that is signed in. */
async function signIn(database: Database): Promise<string> {
  const identity = await createIdentity({
    database,
    clock,
    guessing: createGuessing(),
    publicUrl: () => 'http://127.0.0.1',
    organizationsOf: async () => [],
    superadmins: { is: async () => false, find: async () => [], exists: async () => false },
    invitations: { describe: async () => null, accept: async () => 'not here' },
    sendMail: null,
    oidc: null,
    onError: (message) => console.error(message),
  });
  const { userId = '' } = (await identity.personByEmail(founder)) ?? {};
  const at = clock.now();
  const details = { userId, name: null, email, accountId: v7(), hash: '', sessionId: '', at };
  await setOwnDetails(database, details);
  // Else the first token proves the address, which ends what was signed in before.
  await noteAddressProven(database, userId, at);
  const { api } = await identity.auth();
  const { headers } = await api.startSession({
    body: { userId },
    headers: new Headers({ 'user-agent': 'bench' }),
    returnHeaders: true,
  });
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

/** An issuer of tokens on loopback, a token of it, and the settings that have it taken. */
async function withIssuer<T>(
  work: (token: string, environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256' }] });
  const server = createServer((_request, response) => void response.end(keys));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const token = await new SignJWT({ email })
    .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
    .setIssuer(issuer)
    .setAudience('bench')
    .setIssuedAt()
    .setExpirationTime('2h')
    .sign(privateKey);
  const environment = {
    WARROOM_JWT_ISSUER: issuer,
    WARROOM_JWT_AUDIENCE: 'bench',
    WARROOM_JWT_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
  return withCleanUp(
    () => void server.close(),
    () => work(token, environment),
  );
}

/** What each kind of credential costs a request, over the same way without asking who sends it. In turns. */
export function benchCredentials(): Promise<Row[]> {
  return inPlace((place) =>
    withIssuer(async (token, settings) => {
      const database = await place.open();
      await bootstrap(database, clock, benchKey);
      const cookie = await signIn(database);
      await database.close();
      const probe = true;
      const open = await startProcess(baseline('openServer'), [], { probe });
      return whileRunning([open], async () => {
        const warroom = await startWarroom(
          { DATABASE_URL: '', ...place.environment, ...settings },
          { probe },
        );
        const kinds = {
          'an API key': { authorization: `Bearer ${benchKey}` },
          'a session': { cookie, origin: warroom.url },
          'a token': { authorization: `Bearer ${token}` },
        };
        return whileRunning([warroom], async () => {
          const found: { base: number; of: Record<string, number> }[] = [];
          for (let run = 0; run < effort.runs; run += 1) {
            const base = await processorTime(open, {});
            const of: Record<string, number> = {};
            for (const [kind, headers] of Object.entries(kinds))
              of[kind] = await processorTime(warroom, headers);
            found.push({ base, of });
          }
          const base = median(found.map((one) => one.base));
          return Object.keys(kinds).map((kind) => {
            const over = median(found.map((one) => (one.of[kind] ?? Number.NaN) - one.base));
            return below(`Request with ${kind}, over none`, 'ms CPU', Math.max(over, 0), 0.3, { base });
          });
        });
      });
    }),
  );
}
