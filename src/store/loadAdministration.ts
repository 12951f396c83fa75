import type { MemberRole } from '../domain/access/actor.ts';
import { nameKey } from '../domain/incident/naming.ts';
import type { IncidentMode, NameKind } from '../domain/incident/vocabulary.ts';
import type { CatalogueLoadRequest, LoadedCatalogue } from './catalogueLoad.ts';
import type { AdministrationLoadRequest, LoadedAdministration } from './port.ts';
import { instantOf, storable, unlessEmpty, unstorable } from './wire.ts';

/** What `warroom.load_administration` answers: lists of rows as arrays, null when nothing was found. */
export interface WireAdministration {
  readonly sequence: number;
  readonly name: string;
  readonly members: [userId: string, role: MemberRole][] | null;
  readonly administrators: string[] | null;
  readonly addresses: string[] | null;
  readonly invitations: WireInvitation[] | null;
  readonly full_until: string | null;
  readonly catalogue: WireCatalogue | null;
  readonly entry: WireEntry | null;
}

/** What `warroom.load_entry` answers. */
interface WireEntry {
  readonly sequence: number;
  readonly body: string;
  readonly title: string;
  readonly mode: IncidentMode;
  readonly public: boolean;
  readonly published: { readonly message: string; readonly title: string } | null;
}

/** What `warroom.load_catalogue` answers. */
interface WireCatalogue {
  readonly named: [kind: NameKind, key: string, id: string, mergedInto: string | null][] | null;
  readonly services: WireService[] | null;
  readonly teams: [id: string, name: string, mergedInto: string | null, slackChannel: string | null][] | null;
  readonly projects: [id: string, name: string, mergedInto: string | null][] | null;
  readonly in_team: boolean;
}

type WireService = [
  id: string,
  name: string,
  mergedInto: string | null,
  ownerTeamId: string | null,
  tier: number | null,
  runbook: string | null,
];

type WireInvitation = [
  invitationId: string,
  email: string,
  role: MemberRole,
  expiresAt: string,
  revokedAt: string | null,
  acceptedBy: string | null,
  addressee: 'PROVEN' | 'UNPROVEN' | null,
];

/** The request as `warroom.load_administration` takes it. */
export function encodeAdministration(request: AdministrationLoadRequest): object {
  return {
    users: unlessEmpty(storable(request.userIds)),
    emails: unlessEmpty(storable(request.emails)),
    invitations: unlessEmpty(request.invitationIds),
    accepting: request.acceptingUserId ?? undefined,
    catalogue: request.catalogue ? encodeCatalogue(request.catalogue) : undefined,
    entry: request.entrySequence ?? undefined,
  };
}

function encodeCatalogue({
  names,
  serviceIds,
  teamIds,
  projectIds,
  teamMember,
}: CatalogueLoadRequest): object {
  return {
    named: unlessEmpty(
      names
        .filter(({ name }) => !unstorable.test(name))
        .map(({ kind, name }) => ({ kind, key: nameKey(name) })),
    ),
    services: unlessEmpty(serviceIds),
    teams: unlessEmpty(teamIds),
    projects: unlessEmpty(projectIds),
    team_member:
      teamMember && !unstorable.test(teamMember.userId)
        ? { team: teamMember.teamId, user: teamMember.userId }
        : undefined,
  };
}

/** What was found, from its wire form. */
export function administrationOf(wire: WireAdministration): LoadedAdministration {
  return {
    sequence: wire.sequence,
    organizationName: wire.name,
    members: (wire.members ?? []).map(([userId, role]) => ({ userId, role })),
    administratorIds: wire.administrators ?? [],
    memberEmails: wire.addresses ?? [],
    invitations: (wire.invitations ?? []).map(
      ([invitationId, email, role, expiresAt, revokedAt, acceptedBy, addressee]) => ({
        invitationId,
        email,
        role,
        expiresAt: instantOf(expiresAt),
        revokedAt: instantOf(revokedAt),
        acceptedBy,
        addressee,
      }),
    ),
    invitationsFullUntil: instantOf(wire.full_until),
    catalogue: wire.catalogue && catalogueOf(wire.catalogue),
    entry: wire.entry && entryOf(wire.entry),
  };
}

function entryOf({ public: isPublic, ...entry }: WireEntry): LoadedAdministration['entry'] {
  return { ...entry, isPublic };
}

function catalogueOf({ named, services, teams, projects, in_team }: WireCatalogue): LoadedCatalogue {
  return {
    holders: (named ?? []).map(([kind, key, id, mergedInto]) => ({ kind, key, id, mergedInto })),
    services: (services ?? []).map(([id, name, mergedInto, ownerTeamId, tier, runbook]) => {
      return { id, name, mergedInto, ownerTeamId, tier, runbook };
    }),
    teams: (teams ?? []).map(([id, name, mergedInto, slackChannel]) => ({
      id,
      name,
      mergedInto,
      slackChannel,
    })),
    projects: (projects ?? []).map(([id, name, mergedInto]) => ({ id, name, mergedInto })),
    isTeamMember: in_team,
  };
}
