import { accessLogCursor, accessLogPage } from '../../store/read/accessLog.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { idOf } from '../globalId.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { AccessLogConnection, AccessOutcomeEnum } from './accessLogEntry.ts';

const AccessLogFilter = builder.inputType('AccessLogFilter', {
  description: 'Which entries are wanted: those that match every field given; a list means any of.',
  fields: (t) => ({
    actorId: t.id({ description: 'By this user or API key: its `id`.' }),
    fields: t.stringList({ description: 'Of any of these fields, as entries name them; at most 100.' }),
    outcome: t.field({ type: AccessOutcomeEnum, description: 'Only allowed ones, or only refused ones.' }),
    at: t.field({ type: DateTimeRange, description: 'In this stretch of time.' }),
  }),
});

/** The id inside a user's or an API key's. @throws BAD_USER_INPUT for any other. */
function actorIdOf(globalId: string | null | undefined): string | null {
  if (globalId == null) return null;
  const id = idOf('User', globalId) ?? idOf('ApiKey', globalId);
  if (id === null) throw badUserInput('filter.actorId must be the id of a User or an ApiKey.');
  return id;
}

builder.queryField('accessLog', (t) =>
  t.field({
    type: AccessLogConnection,
    description:
      'Who read or changed what, from where, newest first: administration by administrators, incidents by people where the policy says `logIncidentReads`, and everything a SUPERADMIN does. For administrators.',
    args: {
      filter: t.arg({ type: AccessLogFilter, description: 'Only entries that match all of this.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('accessLog', context);
      const page = pageOf(args);
      const { actorId, fields, outcome, at } = args.filter ?? {};
      const filter = {
        actorId: actorIdOf(actorId),
        fields: boundedList(fields, 'filter.fields') ?? null,
        outcome: outcome ?? null,
        at: rangeOf(at),
      };
      return connectionOf(
        page,
        accessLogPage(readScope(context), filter, page),
        accessLogCursor,
        (row) => row,
      );
    },
  }),
);
