import { acceptInvitation } from '../../app/invitations.ts';
import { TooManyGuessesError } from '../../app/tooManyGuesses.ts';
import type { MemberRole } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/permissions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { OrganizationRow } from '../../store/read/organization.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { MemberRoleEnum } from '../enums.ts';
import { idempotencyKeyDescription, idempotentRequest } from '../mutation/idempotency.ts';
import { type Done, organizationErrors, resultType } from '../mutation/result.ts';
import { Organization } from '../organization/organization.ts';

const AcceptInvitationInput = builder.inputType('AcceptInvitationInput', {
  description: 'What `acceptInvitation` needs.',
  fields: (t) => ({
    token: t.string({ required: true, description: "The `token` of the invitation's link." }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

interface AcceptedInvitation extends Done {
  readonly organization: OrganizationRow;
  readonly role: MemberRole;
}

const AcceptInvitationPayload = builder.objectRef<AcceptedInvitation>('AcceptInvitationPayload').implement({
  description: 'What `acceptInvitation` did.',
  fields: (t) => ({
    organization: t.expose('organization', {
      type: Organization,
      description: 'The organization you are a member of now: its `slug` chooses it from here on.',
    }),
    role: t.expose('role', { type: MemberRoleEnum, description: 'The role you were invited to.' }),
  }),
});

builder.mutationField('acceptInvitation', (t) =>
  t.field({
    type: resultType('acceptInvitation', AcceptInvitationPayload, organizationErrors),
    nullable: true,
    description:
      'Makes you a member of the organization that invited you. For a person who is signed in with the address the invitation was sent to and has shown that it is theirs, a member of any organization or of none yet. A repeat changes nothing.',
    args: { input: t.arg({ type: AcceptInvitationInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, args, context): Promise<AcceptedInvitation | Refusal> => {
      const { idempotencyKey, token } = args.input;
      const { principal } = context;
      const { actor, scopes } = principal;
      const refusal = authorize('acceptInvitation', { ...actor, scopes });
      if (refusal !== null) return refusal;
      const request = idempotentRequest(principal, 'acceptInvitation', idempotencyKey, { token });
      if (request !== null && 'kind' in request) return request;
      const userId = actor.id ?? '';
      // Each is a guess, however many stand in one request.
      const guess = context.guessing.guess({ invitationsOfPerson: userId });
      if (guess.waitSeconds > 0) throw new TooManyGuessesError(guess.waitSeconds);
      const answer = await accepted(context, { token, userId, request });
      if (answer.kind === 'done' && 'right' in guess) guess.right();
      return answer;
    },
  }),
);

async function accepted(
  context: GraphQLContext,
  accepting: Parameters<typeof acceptInvitation>[1],
): Promise<AcceptedInvitation | Refusal> {
  const { answer, invitation } = await acceptInvitation(context, accepting);
  if (answer.kind === 'refused') return answer.refusal;
  if (invitation === null) throw new Error('An invitation was accepted and cannot be read.');
  const { organizationSlug: slug, organizationName: name, role } = invitation;
  return { kind: 'done', organization: { slug, name }, role };
}
