import { createAlertBook } from '../app/alertBook.ts';
import { createChangeBook } from '../app/changeBook.ts';
import { createDeadLetters } from '../app/deadLetters.ts';
import { createRateRefusals } from '../app/rateRefusals.ts';
import { createSealing } from '../app/sealing.ts';
import { signingSecretOf } from '../app/signingSecrets.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { createKeyThrottle } from '../inbound/keyThrottle.ts';
import { createMappingEvaluator } from '../inbound/mappingEvaluator.ts';
import { createMappings } from '../inbound/mappings.ts';
import { paceLetters } from '../inbound/paceLetters.ts';
import { createInbound, type Inbound } from '../inbound/route.ts';
import type { ScopeOf } from '../inbound/takeInErrors.ts';
import { createTally } from '../inbound/tally.ts';
import { createTranslateDelivery } from '../inbound/translateDelivery.ts';
import { createTryAgain } from '../inbound/tryAgain.ts';
import { createFetchFromAmazon } from '../outbound/fetchFromAmazon.ts';
import type { ListenOptions } from './listen.ts';
import type { WhoIsAsking } from './whoIsAsking.ts';

/** What takes in what others send, and what resolvers are given of it. */
export interface Intake {
  readonly forResolvers: Pick<
    GraphQLContext,
    'sealing' | 'mappings' | 'translateDelivery' | 'deadLetters' | 'throttle'
  >;
  /** The webhooks, for whoever has an API key. */
  inbound(apiKey: WhoIsAsking['apiKey']): Inbound;
  stop(): Promise<void>;
}

/** Puts the way in for connectors together. */
export function openIntake(
  options: Pick<ListenOptions, 'config' | 'log' | 'database' | 'clock' | 'handle' | 'resolve'>,
): Intake {
  const { config, log, database, clock, handle } = options;
  const fetchFromAmazon = createFetchFromAmazon(options.resolve);
  const sealing = createSealing(config.secretKey);
  const evaluator = createMappingEvaluator();
  const scopeOf: ScopeOf = ({ organizationId }) => ({ database, organizationId });
  const changes = createChangeBook(options);
  const tryAgain = createTryAgain({
    handle,
    changes,
    log,
    fetchFromAmazon,
    mappings: evaluator,
    scopeOf,
    now: clock.now,
  });
  const refusals = createRateRefusals({ database, clock });
  const sentAway = createTally(
    log,
    'More comes with this key than its requestsPerMinute lets in: it was told to come again.',
  );
  const throttle = createKeyThrottle((principal, requestsPerMinute) => {
    const { credentialId: apiKeyId, organizationId } = principal;
    sentAway.count(apiKeyId, { apiKeyId, organizationId, requestsPerMinute });
    refusals.note(principal);
  });
  const deadLetters = createDeadLetters({ database, clock, tryAgain });
  const unkept = createTally(log, 'More is refused with this key than is kept.');
  return {
    forResolvers: {
      sealing,
      mappings: createMappings(evaluator),
      translateDelivery: createTranslateDelivery(evaluator),
      deadLetters,
      throttle,
    },
    inbound: (apiKey) =>
      createInbound({
        handle,
        log,
        authenticateKey: async (secret, address) => (await apiKey(secret, address))?.principal ?? null,
        scopeOf,
        limits: { throttle },
        alerts: createAlertBook(options),
        changes,
        now: clock.now,
        signingSecretOf: (principal) => signingSecretOf(database, sealing, principal),
        fetchFromAmazon,
        mappings: evaluator,
        deadLetters: paceLetters(deadLetters, unkept),
      }),
    async stop() {
      await Promise.all([evaluator.stop(), refusals.stop()]);
    },
  };
}
