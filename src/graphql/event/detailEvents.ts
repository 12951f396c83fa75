import { builder } from '../builder.ts';
import { Team } from '../catalogue/team.ts';
import { IncidentRoleEnum } from '../enums.ts';
import { AffectedService, affectedServices, Ticket } from '../incident/references.ts';
import { User } from '../user/user.ts';
import { eventNode, eventRef } from './eventNode.ts';
import { payloadOf } from './eventSource.ts';
import { IncidentEvent } from './incidentEvent.ts';

builder.node(eventRef('INCIDENT_UPDATED'), {
  ...eventNode('INCIDENT_UPDATED', 'Its title, description, classification or impact window was edited.'),
  fields: (t) => ({
    changedFields: t.stringList({
      description: 'Which fields were changed, as `payload.changes` calls them.',
      resolve: (source) => Object.keys(payloadOf(source, 'INCIDENT_UPDATED').changes),
    }),
  }),
});

builder.node(eventRef('INCIDENT_ASSIGNED'), {
  ...eventNode('INCIDENT_ASSIGNED', 'Its assignee or owner team changed.'),
  fields: (t) => ({
    assignee: t.field({
      type: User,
      nullable: true,
      description: 'Who works on it from now on; null for nobody, or when this did not change.',
      resolve: (source, _args, { loaders }) => {
        const { assigneeId } = payloadOf(source, 'INCIDENT_ASSIGNED');
        return assigneeId == null ? null : loaders.user.load(assigneeId);
      },
    }),
    ownerTeam: t.field({
      type: Team,
      nullable: true,
      description: 'The team that owns it from now on; null for none, or when this did not change.',
      resolve: (source, _args, { loaders }) => {
        const { ownerTeamId } = payloadOf(source, 'INCIDENT_ASSIGNED');
        return ownerTeamId == null ? null : loaders.team.load(ownerTeamId);
      },
    }),
  }),
});

builder.node(eventRef('INCIDENT_ROLE_ASSIGNED'), {
  ...eventNode('INCIDENT_ROLE_ASSIGNED', 'A role on it was given or taken back.'),
  fields: (t) => ({
    role: t.field({
      type: IncidentRoleEnum,
      description: 'Which role.',
      resolve: (source) => payloadOf(source, 'INCIDENT_ROLE_ASSIGNED').role,
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'Who has it from now on; null for nobody.',
      resolve: (source, _args, { loaders }) => {
        const { userId } = payloadOf(source, 'INCIDENT_ROLE_ASSIGNED');
        return userId === null ? null : loaders.user.load(userId);
      },
    }),
  }),
});

for (const [type, description] of [
  ['INCIDENT_TAG_ADDED', 'A tag was added.'],
  ['INCIDENT_TAG_REMOVED', 'A tag was removed.'],
] as const) {
  builder.node(eventRef(type), {
    ...eventNode(type, description),
    fields: (t) => ({
      tag: t.string({ description: 'The tag.', resolve: (source) => payloadOf(source, type).tag }),
    }),
  });
}

for (const [type, description] of [
  ['INCIDENT_LINKED_TO_TICKET', 'A ticket was linked.'],
  ['INCIDENT_UNLINKED_FROM_TICKET', 'A ticket was unlinked.'],
] as const) {
  builder.node(eventRef(type), {
    ...eventNode(type, description),
    fields: (t) => ({
      ticket: t.field({
        type: Ticket,
        description: 'The ticket.',
        resolve: (source) => payloadOf(source, type),
      }),
    }),
  });
}

builder.node(eventRef('INCIDENT_AFFECTED_SERVICES_SET'), {
  ...eventNode('INCIDENT_AFFECTED_SERVICES_SET', 'The services it affects were set.'),
  fields: (t) => ({
    affectedServices: t.field({
      type: [AffectedService],
      description: 'All of them, from now on.',
      resolve: (source, _args, context) =>
        affectedServices(payloadOf(source, 'INCIDENT_AFFECTED_SERVICES_SET').services, context),
    }),
  }),
});

builder.node(eventRef('INCIDENT_NOTE_ADDED'), {
  ...eventNode('INCIDENT_NOTE_ADDED', 'A note was added to the timeline.'),
  fields: (t) => ({
    text: t.string({
      description: 'The note.',
      resolve: (source) => payloadOf(source, 'INCIDENT_NOTE_ADDED').message,
    }),
  }),
});

builder.node(eventRef('INCIDENT_NOTES_EDITED'), {
  ...eventNode(
    'INCIDENT_NOTES_EDITED',
    'The notes document was edited: at `offset`, `deleted` units became `inserted`.',
  ),
  fields: (t) => ({
    notesVersion: t.int({
      description: 'Edits of the notes including this one.',
      resolve: (source) => payloadOf(source, 'INCIDENT_NOTES_EDITED').notesVersion,
    }),
    offset: t.int({
      description: 'Where, in UTF-16 units from the start.',
      resolve: (source) => payloadOf(source, 'INCIDENT_NOTES_EDITED').offset,
    }),
    deleted: t.int({
      description: 'How many UTF-16 units were taken out there.',
      resolve: (source) => payloadOf(source, 'INCIDENT_NOTES_EDITED').deleted,
    }),
    inserted: t.string({
      description: 'What was put in their place.',
      resolve: (source) => payloadOf(source, 'INCIDENT_NOTES_EDITED').inserted,
    }),
  }),
});

builder.node(eventRef('INCIDENT_VISIBILITY_CHANGED'), {
  ...eventNode(
    'INCIDENT_VISIBILITY_CHANGED',
    'An entry of the timeline was proposed for the status page, or withdrawn.',
  ),
  fields: (t) => ({
    ofEvent: t.field({
      type: IncidentEvent,
      nullable: true,
      description: 'The entry that was changed.',
      resolve: (source, _args, { loaders }) =>
        loaders.incidentEvent.load(payloadOf(source, 'INCIDENT_VISIBILITY_CHANGED').ofSequence),
    }),
    ofSequence: t.field({
      type: 'SafeInt',
      description: 'Sequence of the entry that was changed.',
      resolve: (source) => payloadOf(source, 'INCIDENT_VISIBILITY_CHANGED').ofSequence,
    }),
    madePublic: t.boolean({
      description: 'True when it was proposed, false when it was withdrawn.',
      resolve: (source) => payloadOf(source, 'INCIDENT_VISIBILITY_CHANGED').isPublic,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why, in the words of whoever did it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_VISIBILITY_CHANGED').reason,
    }),
  }),
});
