import { apiKeyCursor, apiKeyPage } from '../../store/read/apiKeys.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { ApiKeyConnection } from './apiKey.ts';

builder.queryField('apiKeys', (t) =>
  t.field({
    type: ApiKeyConnection,
    description: 'API keys, newest first, revoked and expired ones included. For administrators.',
    args: forwardArguments(t),
    resolve: (_root, args, context) => {
      authorizeRead('apiKeys', context);
      const page = pageOf(args);
      return connectionOf(page, apiKeyPage(readScope(context), page), apiKeyCursor, (key) => key);
    },
  }),
);
