import type { AdministrationCommand } from '../domain/administration/commands.ts';
import type { AdministrationFacts, EntryFact } from '../domain/administration/facts.ts';
import { addressKey } from '../domain/administration/inviteMember.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import type { AdministrationLoadRequest, Loaded, LoadedAdministration } from '../store/port.ts';
import { catalogueFactsOf, catalogueLoadOf } from './catalogueLoad.ts';
import { isUuid } from './isUuid.ts';

/** A command of administration that names nothing: what is always loaded. */
export const nothingNamed: AdministrationLoadRequest = {
  userIds: [],
  emails: [],
  invitationIds: [],
  acceptingUserId: null,
  catalogue: null,
  entrySequence: null,
};

/** What a command of administration names, for its load. */
export function administrationLoadOf(command: AdministrationCommand): AdministrationLoadRequest {
  switch (command.name) {
    case 'inviteMember':
      return { ...nothingNamed, emails: [addressKey(command.input.email)] };
    case 'revokeInvitation':
      return { ...nothingNamed, invitationIds: [command.input.invitationId].filter(isUuid) };
    case 'acceptInvitation': {
      const { invitationId, userId } = command.input;
      const invitationIds = [invitationId].filter(isUuid);
      return { ...nothingNamed, userIds: [userId], invitationIds, acceptingUserId: userId };
    }
    case 'setDetectionRules': {
      const roles = command.input.rules.slice(0, 100).flatMap((rule) => rule.roles ?? []);
      return { ...nothingNamed, userIds: [...new Set(roles.map(({ userId }) => userId))] };
    }
    case 'removeMember':
    case 'changeMemberRole':
      return { ...nothingNamed, userIds: [command.input.userId] };
    case 'approvePlatformEvent':
    case 'withdrawPlatformEvent': {
      const { sequence } = command.input;
      return { ...nothingNamed, entrySequence: Number.isSafeInteger(sequence) ? sequence : null };
    }
    default: {
      const catalogue = catalogueLoadOf(command);
      const userIds = catalogue?.teamMember ? [catalogue.teamMember.userId] : [];
      return catalogue === null ? nothingNamed : { ...nothingNamed, userIds, catalogue };
    }
  }
}

/** What was loaded, as the facts of the decision. @throws Error when nothing of administration was loaded. */
export function factsOf({ administration, apiKeys }: Loaded): AdministrationFacts {
  if (administration === null) throw new Error('Nothing of administration was loaded.');
  const { members, administratorIds, memberEmails, invitations } = administration;
  const invitation = (id: string) => invitations.find(({ invitationId }) => invitationId === id);
  return {
    organizationName: administration.organizationName,
    apiKey: (id) => apiKeys.find(({ apiKeyId }) => apiKeyId === id),
    memberRole: (id) => members.find(({ userId }) => userId === id)?.role,
    hasOtherAdministrator: (userId) => administratorIds.some((id) => id !== userId),
    isMemberAddress: (email) => memberEmails.includes(email),
    invitation,
    openInvitationsTo: (email) =>
      invitations
        .filter((one) => one.email === email && one.revokedAt === null && one.acceptedBy === null)
        .map(({ invitationId }) => invitationId),
    invitationsFullUntil: administration.invitationsFullUntil,
    addressee: (id) => invitation(id)?.addressee ?? null,
    // Decided in the store, where the command line reaches it: see createSuperadmins.
    isSuperadmin: () => false,
    catalogue: catalogueFactsOf(administration.catalogue),
    entry: (sequence) => entryFactOf(administration.entry, sequence),
  };
}

function entryFactOf(entry: LoadedAdministration['entry'], sequence: number): EntryFact | undefined {
  if (entry === null || entry.sequence !== sequence) return undefined;
  const { body, title, mode, isPublic, published } = entry;
  return { event: decodeBody(body), title, mode, isPublic, published };
}
