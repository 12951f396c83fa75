import { createAlertBook } from '../app/alertBook.ts';
import { createChangeBook } from '../app/changeBook.ts';
import { createSealing } from '../app/sealing.ts';
import { signingSecretOf } from '../app/signingSecrets.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { fetchFromAmazon } from '../inbound/fetchFromAmazon.ts';
import { createInbound, type Inbound } from '../inbound/route.ts';
import type { ListenOptions } from './listen.ts';
import type { WhoIsAsking } from './whoIsAsking.ts';

/** What takes in what others send, and what resolvers are given of it. */
export interface Intake {
  readonly forResolvers: Pick<GraphQLContext, 'sealing'>;
  /** The webhooks, for whoever has an API key. */
  inbound(apiKey: WhoIsAsking['apiKey']): Inbound;
}

/** Puts the way in for connectors together. */
export function openIntake(
  options: Pick<ListenOptions, 'config' | 'log' | 'database' | 'clock' | 'handle'>,
): Intake {
  const { config, log, database, clock, handle } = options;
  const sealing = createSealing(config.secretKey);
  return {
    forResolvers: { sealing },
    inbound: (apiKey) =>
      createInbound({
        handle,
        log,
        authenticateKey: async (secret, address) => (await apiKey(secret, address))?.principal ?? null,
        alerts: createAlertBook(options),
        changes: createChangeBook(options),
        now: clock.now,
        signingSecretOf: (principal) => signingSecretOf(database, sealing, principal),
        fetchFromAmazon,
      }),
  };
}
