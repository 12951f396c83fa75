import { type AccessEntry, accessOutcomes, operationKinds } from '../../domain/access/accessEntry.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';

export const AccessOutcomeEnum = describedEnum(
  'AccessOutcome',
  'Whether whoever asked might. It is decided, and kept, before anything is carried out.',
  accessOutcomes,
  {
    ALLOWED: 'Role and scopes allowed it, so it was carried out; what came of a change is in the ledgers.',
    REFUSED: 'Role or scopes did not allow it: nothing was shown or changed.',
  },
);

const OperationKindEnum = describedEnum(
  'OperationKind',
  'What kind of operation it was part of.',
  operationKinds,
  {
    QUERY: 'A read.',
    MUTATION: 'A change.',
    SUBSCRIPTION: 'A read that went on; kept when it began.',
  },
);

const AccessLogEntry = builder.objectRef<AccessEntry>('AccessLogEntry').implement({
  description: 'That somebody asked for something: one field of one operation.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    actor: t.expose('actor', { type: ActorType, description: 'Who, and as what.' }),
    superadmin: t.exposeBoolean('superadmin', {
      description: 'Whether they acted as SUPERADMIN, without being a member of your organization.',
    }),
    credentialId: t.exposeString('credentialId', {
      description:
        'Which of their credentials it came with: what tells an API key, a session or a token apart.',
    }),
    operation: t.expose('operation', { type: OperationKindEnum, description: 'In what kind of operation.' }),
    field: t.exposeString('field', {
      description:
        'What was asked for: the root field. Something read by its id, or deep inside an answer, counts as the field that lists it.',
    }),
    subjects: t.field({
      type: ['ID'],
      description: 'The ids and references it was asked for by, at most 10; empty for a list.',
      resolve: ({ subjects }) => [...subjects],
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The network address it came from; null when the connection was gone already.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description: 'What the client said it is, at most 256 characters; null when it said nothing.',
    }),
    outcome: t.expose('outcome', { type: AccessOutcomeEnum, description: 'Whether they might.' }),
    requestId: t.exposeString('requestId', {
      description: 'The request it was part of: entries of one operation share it.',
    }),
  }),
});

/** A page of the access log. */
export const AccessLogConnection = builder.connectionObject({
  type: AccessLogEntry,
  name: 'AccessLogConnection',
  description: 'A page of the access log, newest first.',
});
