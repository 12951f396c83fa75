import { type DeadLetter as Letter, notReplayables } from '../../domain/detection/deadLetter.ts';
import { ApiKey } from '../apiKey/apiKey.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { FieldError } from '../error/refusalTypes.ts';
import { toGlobalId } from '../globalId.ts';

const NotReplayableEnum = describedEnum(
  'DeadLetterNotReplayable',
  'Why a dead letter cannot be replayed.',
  notReplayables,
  {
    TOO_LARGE: 'The body was too large: only its beginning is kept.',
    ADDRESS_NEEDED:
      'What was asked for stood in the address of the request, not in its body: `reason` names both. Do it by hand.',
  },
);

/** A delivery that could not be taken in. */
export const DeadLetter = builder.objectRef<Letter>('DeadLetter').implement({
  description: 'A delivery that could not be taken in, as it came but for its headers.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'What it is replayed and discarded by.',
      resolve: ({ id }) => toGlobalId('DeadLetter', id),
    }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      description: 'The key it came with.',
      resolve: ({ apiKeyId }, _args, { loaders }) => loaders.apiKey.load(apiKeyId),
    }),
    format: t.exposeString('format', { description: "The connector's name in its path, e.g. `grafana`." }),
    reason: t.exposeString('reason', {
      description: 'Why it could not be taken in, when it was last tried.',
    }),
    problems: t.field({
      type: [FieldError],
      description: 'Where in the body, as the sender was told; at most 20.',
      resolve: ({ problems }) => problems,
    }),
    body: t.field({
      type: 'String',
      nullable: true,
      description:
        'What came, as text, without the key where it stood in the body; null when it has been replayed or discarded since.',
      resolve: async ({ id }, _args, { loaders }) => {
        const body = await loaders.deadLetterBody.load(id);
        return body === null ? null : Buffer.from(body).toString('utf8');
      },
    }),
    notReplayable: t.expose('notReplayable', {
      type: NotReplayableEnum,
      nullable: true,
      description: 'Why it cannot be replayed; null when it can.',
    }),
    bytes: t.exposeInt('bytes', { description: 'How long the body is, as it is kept.' }),
    declaredBytes: t.exposeInt('declaredBytes', {
      nullable: true,
      description:
        'How long its sender said the body is, where it was too large and only its beginning is kept; null when it did not say, or all of it is kept.',
    }),
    count: t.exposeInt('count', { description: 'How often this very body came.' }),
    firstReceivedAt: t.expose('firstReceivedAt', { type: 'DateTime', description: 'When it came first.' }),
    lastReceivedAt: t.expose('lastReceivedAt', { type: 'DateTime', description: 'When it came last.' }),
  }),
});

/** A page of dead letters. */
export const DeadLetterConnection = builder.connectionObject({
  type: DeadLetter,
  name: 'DeadLetterConnection',
  description: 'A page of deliveries that could not be taken in, the latest first.',
});
