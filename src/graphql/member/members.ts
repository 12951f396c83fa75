import { memberCursor, memberPage } from '../../store/read/people.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { MemberConnection } from './member.ts';

/** The longest text looked for, in characters. */
const searchLimit = 200;

builder.queryField('members', (t) =>
  t.field({
    type: MemberConnection,
    description: 'The members of your organization, by name.',
    args: {
      search: t.arg.string({ description: 'Only those with this in their name or email; ≤ 200 characters.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('members', context);
      const page = pageOf(args);
      const search = args.search ?? null;
      if (search !== null && search.length > searchLimit) {
        throw badUserInput(`search must be at most ${searchLimit} characters.`);
      }
      return connectionOf(page, memberPage(readScope(context), search, page), memberCursor, (row) => row);
    },
  }),
);
