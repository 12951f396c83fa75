import { builder } from '../builder.ts';
import { SessionGate } from './sessionGateType.ts';
import { whoseGate } from './whoseGate.ts';

builder.queryField('sessionGate', (t) =>
  t.field({
    type: SessionGate,
    nullable: true,
    description:
      'Whether other systems are to keep a member out: yourself, or anybody for administrators and keys of scope GATE. Null when there is no such member. Other systems ask `GET /gate/<user id or email>` instead.',
    args: { userId: t.arg.id({ description: 'Whom; yourself when absent.' }) },
    resolve: (_root, { userId }, context) => {
      const id = whoseGate('sessionGate', userId, context);
      return id === null ? null : context.loaders.sessionGate.load(id);
    },
  }),
);
