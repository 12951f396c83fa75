import { referenceOf } from '../../domain/incident/state.ts';
import { type PublishedEntry, platformCursor, platformTimeline } from '../../store/read/platformTimeline.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { IncidentSeverityEnum, IncidentStatusEnum } from '../enums.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';

/** An entry of the platform's timeline, as every organization sees it. */
const PlatformTimelineEntry = builder.objectRef<PublishedEntry>('PlatformTimelineEntry').implement({
  description:
    'Something that happened to an incident of the whole installation, in the words that were approved for everybody.',
  fields: (t) => ({
    sequence: t.field({
      type: 'SafeInt',
      description: "Its place in the platform's ledger: what `approvePlatformEvent` names it by.",
      resolve: ({ sequence }) => sequence,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    message: t.exposeString('message', { description: 'What happened.' }),
    reference: t.string({
      description: "The incident's reference, such as INC-042: the platform's own, not one of yours.",
      resolve: ({ number }) => referenceOf(number),
    }),
    title: t.exposeString('title', { description: "The incident's title when this was approved." }),
    severity: t.expose('severity', {
      type: IncidentSeverityEnum,
      description: "The incident's severity right after it.",
    }),
    status: t.expose('status', {
      type: IncidentStatusEnum,
      description: "The incident's status right after it.",
    }),
    approvedAt: t.expose('approvedAt', { type: 'DateTime', description: 'When it was approved.' }),
  }),
});

const PlatformTimelineConnection = builder.connectionObject({
  type: PlatformTimelineEntry,
  name: 'PlatformTimelineConnection',
  description: "A page of the platform's timeline, newest first.",
});

builder.queryField('platformTimeline', (t) =>
  t.field({
    type: PlatformTimelineConnection,
    description:
      'What whoever runs this installation says about incidents of all of it, newest first: entries that are proposed for the public and approved, and nothing else of them.',
    args: forwardArguments(t),
    resolve: (_root, args, context) => {
      authorizeRead('platformTimeline', context);
      const page = pageOf(args);
      const read = platformTimeline(readScope(context), page);
      return connectionOf(page, read, platformCursor, (entry) => entry);
    },
  }),
);
