import { v7 } from 'uuid';
import { createGateKeeper, type GateKeeper } from '../app/gateKeeper.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { createLoaders, type Loaders } from '../graphql/loaders.ts';
import { createNameMemory } from '../graphql/nameMemory.ts';
import {
  createLiveSubscriptions,
  type LiveSubscriptions,
} from '../graphql/subscription/liveSubscriptions.ts';
import { type AccessGuard, createAccessGuard } from '../server/accessGuard.ts';
import { rememberDocuments } from '../server/documents.ts';
import { failureLog } from '../server/failureLog.ts';
import { operationGuards } from '../server/guards.ts';
import { jsonPostOnly } from '../server/jsonPostOnly.ts';
import { createLiveStreams, type LiveStreams } from '../server/liveStreams.ts';
import { type Masking, maskErrors, maskResult } from '../server/maskErrors.ts';
import type { OriginOf } from '../server/requestOrigin.ts';
import { createRevocations } from '../server/revocations.ts';
import { type SessionRevocations, watchSessions } from '../server/sessionRevocations.ts';
import { shallowVariables } from '../server/shallowVariables.ts';
import { watchSuperadmins } from '../server/superadminRevocations.ts';
import { createWarroomYoga, type WarroomYoga } from '../server/yoga.ts';
import { logIncidentReads } from '../store/read/logIncidentReads.ts';
import { superadminsOf } from '../store/read/standing.ts';
import type { ListenOptions } from './listen.ts';
import type { Intake } from './openIntake.ts';
import { outageLog } from './outageLog.ts';
import { type WhoIsAsking, whoIsAsking } from './whoIsAsking.ts';

type ContextOf = (principal: Principal, requestId: string) => GraphQLContext;

/** Contexts of operations; those of subscription groups remember names from one event to the next. */
interface Contexts {
  readonly ofRequest: ContextOf;
  readonly ofGroup: ContextOf;
}

/** GraphQL with everything around it that every transport shares. */
export interface Api {
  readonly yoga: WarroomYoga;
  readonly accessGuard: AccessGuard;
  /** The groups of identical subscriptions. */
  readonly live: LiveSubscriptions;
  readonly asking: WhoIsAsking;
  readonly gates: GateKeeper;
  readonly revocations: SessionRevocations;
  readonly streams: LiveStreams;
}

/** What the API is put together from. */
type ApiOptions = ListenOptions & Masking & { readonly originOf: OriginOf; readonly intake: Intake };

/** Puts the API together: who is asking, what they may, what of it is kept, and what ends before they do. */
export function createApi(options: ApiOptions): Api {
  const { log, database, clock, feed, newRequestId } = options;
  const asking = whoIsAsking(options);
  const { credentialOf } = asking;
  const revocations = followRevocations(options);
  const unguarded = outageLog(log, 'The session gate cannot follow the ledgers');
  const gates = createGateKeeper({ database, feed, onError: unguarded });
  const contexts = createContexts(options, gates);
  const live = createLiveSubscriptions({
    feed,
    contextFor: contexts.ofGroup,
    mask: (result, requestId) => maskResult(result, requestId, options),
    askDatabase: async () => void (await database.asPlatform('select 1')),
    onError: failureLog(log),
  });
  const streams = createLiveStreams({ live, revocations, clock, authenticator: asking });
  const accessGuard = createAccessGuard({
    accessLog: options.accessLog,
    logIncidentReads: (organizationId) => logIncidentReads(database, organizationId),
    clock,
    newId: v7,
  });
  const plugins = [
    jsonPostOnly(),
    shallowVariables(),
    rememberDocuments(),
    operationGuards(),
    streams.plugin,
    maskErrors(options),
    // After what masks errors: what it refuses is masked, too.
    accessGuard.plugin,
  ];
  const yoga = createWarroomYoga({
    schema: options.schema,
    plugins,
    credentialOf,
    contextFor: contexts.ofRequest,
    newRequestId,
  });
  return { yoga, live, accessGuard, asking, gates, revocations, streams };
}

/** Everything that ends what somebody is connected for: of keys and memberships, superadmins and sessions. */
function followRevocations({ log, database, feed, identity }: ListenOptions): SessionRevocations {
  const unfollowed = outageLog(log, 'Revocations cannot be followed');
  const superadmins = (userIds: readonly string[]) => superadminsOf(database, userIds);
  const others = watchSuperadmins(createRevocations(feed, unfollowed), superadmins, unfollowed);
  const all = watchSessions(others, identity, unfollowed);
  return {
    ...all,
    stop() {
      all.stop();
      others.stop();
    },
  };
}

function createContexts(options: ApiOptions, gates: GateKeeper): Contexts {
  const { database, clock, feed, handle, identity } = options;
  const signHead = options.signHead ?? undefined;
  const { publicUrl, sendMail } = identity;
  const room = {
    database,
    clock,
    handle,
    feed,
    sessions: identity,
    guessing: options.guessing,
    ...options.intake.forResolvers,
    bulkActions: options.bulkActions,
    gates,
    signHead,
    publicUrl,
    sendMail,
  };
  const names = createNameMemory(feed);
  const made = (principal: Principal, requestId: string, loaders: Loaders): GraphQLContext => {
    return { ...room, principal, requestId, loaders };
  };
  return {
    ofRequest: (principal, requestId) => {
      const { organizationId } = principal;
      return made(principal, requestId, createLoaders({ database, organizationId }));
    },
    ofGroup: (principal, requestId) => {
      const { organizationId } = principal;
      const loaders = createLoaders({ database, organizationId }, names.of(organizationId));
      return made(principal, requestId, loaders);
    },
  };
}
