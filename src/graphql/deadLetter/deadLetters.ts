import { deadLetterCursor, deadLetterPage } from '../../store/read/deadLetters.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { idOf } from '../globalId.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { DeadLetterConnection } from './deadLetter.ts';

const DeadLetterFilter = builder.inputType('DeadLetterFilter', {
  description: 'Which dead letters are wanted: those that match every field given.',
  fields: (t) => ({
    apiKeyId: t.id({ description: 'That came with this key: its `id`.' }),
    format: t.string({ description: 'Of this connector: its name in its path, e.g. `grafana`.' }),
  }),
});

/** The id inside an API key's. @throws BAD_USER_INPUT for any other. */
function keyIdOf(globalId: string | null | undefined): string | null {
  if (globalId == null) return null;
  const id = idOf('ApiKey', globalId);
  if (id === null) throw badUserInput('filter.apiKeyId must be the id of an ApiKey.');
  return id;
}

builder.queryField('deadLetters', (t) =>
  t.field({
    type: DeadLetterConnection,
    description:
      'Deliveries that could not be taken in, the latest first: the last 1,000 and 64 MiB of them. Mend the mapping or the configuration of their key and replay them. For administrators.',
    args: {
      filter: t.arg({ type: DeadLetterFilter, description: 'Only those that match all of this.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('deadLetters', context);
      const page = pageOf(args);
      const filter = { apiKeyId: keyIdOf(args.filter?.apiKeyId), format: args.filter?.format ?? null };
      return connectionOf(
        page,
        deadLetterPage(readScope(context), filter, page),
        deadLetterCursor,
        (letter) => letter,
      );
    },
  }),
);
