import { builder } from '../builder.ts';

builder.subscriptionType({
  description:
    'What happens, as it happens, over WebSocket (graphql-transport-ws) or server-sent events. To miss nothing, pass `after`: the sequence of a mutation, of `ledgerHead`, or of the last event you saw; for runs, of `runsHead` or the last run.',
});
