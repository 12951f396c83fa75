import { signalCursor, signalPage } from '../../store/read/signals.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { SignalConnection } from './signal.ts';

/** No other condition. */
const everything = {
  incidentId: null,
  type: null,
  source: null,
  traceId: null,
  cleared: null,
  at: null,
} as const;

builder.queryField('signalsByCorrelationKey', (t) =>
  t.field({
    type: SignalConnection,
    description: 'Every signal with this correlation key, whatever incident it is of, newest first.',
    args: {
      correlationKey: t.arg.string({ required: true, description: 'The correlation key, exactly.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, { correlationKey, ...args }, context) => {
      authorizeRead('signalsByCorrelationKey', context);
      const page = pageOf(args);
      const read = signalPage(readScope(context), { ...everything, correlationKey }, page);
      return connectionOf(page, read, signalCursor, (row) => row);
    },
  }),
);
