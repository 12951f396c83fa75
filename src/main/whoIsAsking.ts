import type { Guessing } from '../app/guessing.ts';
import type { Identity } from '../app/identity.ts';
import type { Log } from '../log.ts';
import { createApiKeyCredentials } from '../server/apiKeyCredential.ts';
import {
  type Authenticator,
  type Credential,
  type CredentialResolver,
  createAuthenticator,
} from '../server/authenticate.ts';
import { createKeySet } from '../server/keySet.ts';
import type { OriginOf } from '../server/requestOrigin.ts';
import { createSessionCredential } from '../server/sessionCredential.ts';
import { createStandings, type Standings } from '../server/standings.ts';
import { createTokenCredential } from '../server/tokenCredential.ts';
import type { TokenSettings } from '../server/tokenSettings.ts';
import { createTokenVerifier } from '../server/verifyToken.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { outageLog } from './outageLog.ts';

/** What who is asking is found out with. */
export interface AskingOptions {
  readonly config: { readonly tokens: TokenSettings | null };
  readonly log: Log;
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly guessing: Guessing;
  readonly originOf: OriginOf;
}

/** Who is asking, by whatever they present, and by an API key alone where only that counts. */
export interface WhoIsAsking extends Authenticator {
  /**
   * The credential behind an API key's secret sent from this address; null when it holds no more.
   * @throws TooManyGuessesError when too many wrong ones came from there.
   */
  apiKey(secret: string, address: string): Promise<Credential | null>;
  /** Scheme, host and port that people reach us by. */
  publicOrigin(): string;
}

/** Every kind of credential, in the order they are asked in: the Authorization header's first, then the cookie's. */
export function whoIsAsking(options: AskingOptions): WhoIsAsking {
  const { config, database, identity } = options;
  const apiKeys = createApiKeyCredentials(options);
  const standings = createStandings(database);
  const publicOrigin = (): string => new URL(identity.publicUrl()).origin;
  return {
    apiKey: apiKeys.apiKey,
    publicOrigin,
    ...createAuthenticator(
      [
        ...(config.tokens === null ? [] : [tokensOf(options, config.tokens, standings)]),
        apiKeys.resolve,
        createSessionCredential({ identity, standings, clock: options.clock, publicOrigin }),
      ],
      (request) => options.originOf(request).address ?? '',
    ),
  };
}

function tokensOf(
  { log, clock, identity }: AskingOptions,
  settings: TokenSettings,
  standings: Standings,
): CredentialResolver {
  const keys = createKeySet({
    url: settings.jwksUrl,
    onError: outageLog(log, "The keys of the tokens' issuer cannot be fetched; those there are go on"),
  });
  const onRefused = (reason: string): void => log.debug({ reason }, 'A token was refused');
  const verify = createTokenVerifier({ settings, keys, clock, onRefused });
  return createTokenCredential({ verify, identity, standings });
}
