import type { Identity } from '../app/identity.ts';
import { createApiKeyCredentials } from '../server/apiKeyCredential.ts';
import { type Authenticator, type Credential, createAuthenticator } from '../server/authenticate.ts';
import { createSessionCredential } from '../server/sessionCredential.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';

/** Who is asking, by whatever they present, and by an API key alone where only that counts. */
export interface WhoIsAsking extends Authenticator {
  /** The credential behind an API key's secret; null when it holds no more. */
  apiKey(secret: string): Promise<Credential | null>;
}

/** Every kind of credential, in the order they are asked in: the Authorization header's first, then the cookie's. */
export function whoIsAsking(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: Identity;
}): WhoIsAsking {
  const { database, identity } = options;
  const apiKeys = createApiKeyCredentials(options);
  const publicOrigin = (): string => new URL(identity.publicUrl()).origin;
  return {
    apiKey: apiKeys.apiKey,
    ...createAuthenticator([apiKeys.resolve, createSessionCredential({ identity, database, publicOrigin })]),
  };
}
