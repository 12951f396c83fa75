import { createOrganization } from '../../app/createOrganization.ts';
import { authorize } from '../../domain/access/permissions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { OrganizationRow } from '../../store/read/organization.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { idempotencyKeyDescription, idempotentRequest } from '../mutation/idempotency.ts';
import { type Done, organizationErrors, resultType } from '../mutation/result.ts';
import { Organization } from './organization.ts';

const CreateOrganizationInput = builder.inputType('CreateOrganizationInput', {
  description: 'What `createOrganization` needs.',
  fields: (t) => ({
    slug: t.string({
      required: true,
      description:
        'What it is called by programs, for ever: lower-case letters, digits and single hyphens, at most 63. `platform` is reserved.',
    }),
    name: t.string({ required: true, description: 'What it is called by people, 1–100 characters.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

interface CreatedOrganization extends Done {
  readonly organization: OrganizationRow;
}

const CreateOrganizationPayload = builder
  .objectRef<CreatedOrganization>('CreateOrganizationPayload')
  .implement({
    description: 'What `createOrganization` did.',
    fields: (t) => ({
      organization: t.expose('organization', {
        type: Organization,
        description: 'The new organization. You are its administrator; its ledger begins with that.',
      }),
    }),
  });

builder.mutationField('createOrganization', (t) =>
  t.field({
    type: resultType('createOrganization', CreateOrganizationPayload, organizationErrors),
    nullable: true,
    description:
      'Founds an organization with you as its administrator. For superadmins of the installation, whatever organization they act in.',
    args: {
      input: t.arg({ type: CreateOrganizationInput, required: true, description: 'What it is called.' }),
    },
    resolve: async (_root, args, context): Promise<CreatedOrganization | Refusal> => {
      const { idempotencyKey, ...input } = args.input;
      const founder = founderOf(context);
      if (typeof founder !== 'string') return founder;
      const request = idempotentRequest(context.principal, 'createOrganization', idempotencyKey, input);
      if (request !== null && 'kind' in request) return request;
      const refusal = await createOrganization(context, { ...input, userId: founder, request });
      if (refusal !== null) return refusal;
      return { kind: 'done', organization: { slug: input.slug.trim(), name: input.name.trim() } };
    },
  }),
);

/** The user who may found an organization, or why whoever asks may not. */
function founderOf({ principal }: GraphQLContext): string | Refusal {
  const { actor, scopes, platformRole } = principal;
  const superadmin = platformRole === 'SUPERADMIN';
  const refusal = authorize('createOrganization', { ...actor, scopes, superadmin });
  if (refusal !== null) return refusal;
  // A superadmin is a person; a key never is one.
  return actor.id ?? '';
}
