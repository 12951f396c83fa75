import { gateReason } from '../../domain/access/blockedBy.ts';
import { type SessionGateRelease, sessionGateReleases } from '../../domain/incident/vocabulary.ts';
import type { GateStanding } from '../../store/read/sessionGate.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { Incident } from '../incident/incident.ts';
import { User } from '../user/user.ts';

const releases: Readonly<Record<SessionGateRelease, string>> = {
  ACKNOWLEDGED: 'Someone acknowledges the incident.',
  RESOLVED: 'It is resolved.',
  CANCELLED: 'It is cancelled.',
  SEVERITY_CHANGED: 'Its severity becomes one that does not block.',
  POLICY_CHANGED: 'The policy does not let it block any more.',
};

const SessionGateReleaseEnum = describedEnum(
  'SessionGateRelease',
  'What ends the block of sessions by an incident.',
  sessionGateReleases,
  releases,
);

/** How the session gate stands with a member. */
export const SessionGate = builder.objectRef<GateStanding>('SessionGate').implement({
  description:
    'Whether other systems are to keep a member out, because an incident stays unacknowledged. Administrators, and whoever commands, leads or is assigned to the incident, are never kept out by it. Warroom itself never keeps anybody out.',
  fields: (t) => ({
    user: t.field({
      type: User,
      nullable: true,
      description: 'The member; null once they are none any more.',
      resolve: ({ userId }, _args, { loaders }) => loaders.user.load(userId),
    }),
    blocked: t.boolean({
      description: 'Whether they are to be kept out.',
      resolve: ({ blocking }) => blocking !== null,
    }),
    incident: t.field({
      type: Incident,
      nullable: true,
      description:
        'The incident that blocks them, the longest of several; null when none does. Needs the scope READ.',
      resolve: ({ blocking }, _args, context) => {
        if (blocking === null) return null;
        authorizeRead('incident', context);
        return context.loaders.incident.load(blocking.incidentId);
      },
    }),
    reason: t.string({
      nullable: true,
      description: 'Why, and what ends it, in sentences for a person; null when they are not blocked.',
      resolve: ({ blocking }) => (blocking === null ? null : gateReason(blocking)),
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when that incident blocks; null when they are not blocked.',
      resolve: ({ blocking }) => blocking?.blockedAt ?? null,
    }),
    releasedBy: t.field({
      type: [SessionGateReleaseEnum],
      description: 'What ends it for everybody, each by itself; empty when they are not blocked.',
      resolve: ({ blocking }) => (blocking === null ? [] : sessionGateReleases),
    }),
  }),
});
