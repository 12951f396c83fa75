import type { FieldProblem, Refusal } from '../../domain/refusal.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { ApiKeyScopeEnum, IncidentStatusEnum, MemberRoleEnum, WorkflowGateEnum } from '../enums.ts';
import { UserError } from './userError.ts';

/** The refusal of one kind: the shape behind the GraphQL type of the same name. */
export type RefusalOf<K extends Refusal['kind']> = Extract<Refusal, { readonly kind: K }>;

const refusalType = <K extends Refusal['kind']>(kind: K) => builder.objectRef<RefusalOf<K>>(kind);

/** Nothing with that id in the organization; what belongs to another organization reads the same. */
export const NotFoundError = refusalType('NotFoundError').implement({
  description:
    'Nothing with that id exists in your organization. What belongs to another organization reads the same.',
  interfaces: [UserError],
});

/** The role or scopes do not allow it. */
export const ForbiddenError = refusalType('ForbiddenError').implement({
  description: 'Your role, or the scopes of your API key, do not allow this.',
  interfaces: [UserError],
  fields: (t) => ({
    requiredRole: t.expose('requiredRole', {
      type: MemberRoleEnum,
      nullable: true,
      description: 'The lowest role that may; null when your role is not what is missing.',
    }),
    requiredScope: t.expose('requiredScope', {
      type: ApiKeyScopeEnum,
      nullable: true,
      description: 'The scope the API key needs; null when a scope is not what is missing.',
    }),
  }),
});

/** What is wrong with one field. */
export const FieldError = builder.objectRef<FieldProblem>('FieldError').implement({
  description: 'One input field that is not acceptable.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'Where it is inside `input`, e.g. `["followUps", "2"]`.',
    }),
    message: t.exposeString('message', { description: 'What is expected of it.' }),
  }),
});

/** Input that is not acceptable, field by field. */
export const ValidationError = refusalType('ValidationError').implement({
  description: 'Some input is not acceptable. Nothing was changed.',
  interfaces: [UserError],
  fields: (t) => ({
    fields: t.expose('fields', {
      type: [FieldError],
      description: 'Every field that is not acceptable, not only the first.',
    }),
  }),
});

/** Someone changed it since the expected version. */
export const ConflictError = refusalType('ConflictError').implement({
  description:
    'It changed since `expectedVersion`, in a way that matters. Read it again, decide on what it is now, and send the new version.',
  interfaces: [UserError],
  fields: (t) => ({
    currentVersion: t.exposeInt('currentVersion', { description: 'The version it has now.' }),
  }),
});

/** The incident's status does not allow it. */
export const InvalidTransitionError = refusalType('InvalidTransitionError').implement({
  description: "The incident's status does not allow this, or someone else has acknowledged it already.",
  interfaces: [UserError],
  fields: (t) => ({
    status: t.expose('status', { type: IncidentStatusEnum, description: 'The status it has now.' }),
    allowedStatuses: t.expose('allowedStatuses', {
      type: [IncidentStatusEnum],
      description: 'The statuses that can follow it; empty when it is final.',
    }),
    actor: t.expose('actor', {
      type: ActorType,
      nullable: true,
      description: 'With code ALREADY_ACKNOWLEDGED: who acknowledged it.',
    }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description: 'With code ALREADY_ACKNOWLEDGED: when it was acknowledged.',
    }),
  }),
});

/** A step of the workflow is missing. */
export const WorkflowGateError = refusalType('WorkflowGateError').implement({
  description: 'A step your organization requires first is missing. Record what is missing, then repeat.',
  interfaces: [UserError],
  fields: (t) => ({
    status: t.expose('status', { type: IncidentStatusEnum, description: 'The status it has now.' }),
    missing: t.expose('missing', {
      type: [WorkflowGateEnum],
      description: 'Every step that is missing, in the order to do them.',
    }),
  }),
});

/** It was done too often. */
export const RateLimitedError = refusalType('RateLimitedError').implement({
  description: 'This was done too often lately. Nothing was done now; wait, then try again.',
  interfaces: [UserError],
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', {
      description: 'Seconds until it may be done again.',
    }),
  }),
});

/** The idempotency key was used for something else. */
export const IdempotencyError = refusalType('IdempotencyError').implement({
  description:
    'The idempotency key was used with another mutation or other input. Use a new key for a new intent.',
  interfaces: [UserError],
});
