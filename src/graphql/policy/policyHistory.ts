import { policyParts } from '../../domain/administration/events.ts';
import {
  policyCursor,
  policyVersions,
  type PolicyVersion as VersionSource,
} from '../../store/read/policyVersions.ts';
import { ActorType } from '../actor/actor.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { OrganizationPolicy } from './policy.ts';

const PolicyPartEnum = describedEnum(
  'PolicyPart',
  'A part of the policy: what one mutation sets.',
  policyParts,
  {
    SLA: 'How fast incidents must be acknowledged and resolved (`setSlaPolicy`).',
    ESCALATION_RULES: 'When to call whom (`setEscalationRules`).',
    WORKFLOW: 'Which steps must be done before the next, and when one is overdue (`setWorkflowPolicy`).',
    AUTO_RESOLVE: 'When incidents resolve by themselves (`setAutoResolvePolicy`).',
    SESSION_GATE: 'When sessions of other systems are blocked (`setSessionGatePolicy`).',
    DETECTION_RULES: 'What becomes of signals that have no incident yet (`setDetectionRules`).',
    MAINTENANCE_WINDOWS: 'Planned work (`setMaintenanceWindows`).',
    ACTION_WEBHOOKS:
      'Where sources take actions on their targets (`setActionWebhook`, `removeActionWebhook`, `rotateActionWebhookSecret`).',
    RUNS: 'How severe bursts of failed runs are (`setRunPolicy`).',
    ACCESS_LOG: 'What the access log keeps (`setAccessLogPolicy`).',
  },
);

const PolicyVersion = builder.objectRef<VersionSource>('PolicyVersion').implement({
  description:
    'A version of the policy, who made it, and when. The entry of the ledger it comes from is for administrators (`administrationEvents`).',
  fields: (t) => ({
    version: t.int({
      description: '1 are the defaults your organization was founded with; every change adds one.',
      resolve: ({ policy }) => policy.version,
    }),
    part: t.expose('part', {
      type: PolicyPartEnum,
      nullable: true,
      description: 'What was changed; null for the first version.',
    }),
    changedBy: t.expose('by', { type: ActorType, description: 'Who changed it.' }),
    changedAt: t.expose('at', { type: 'DateTime', description: 'When: in force from here on.' }),
    policy: t.expose('policy', {
      type: OrganizationPolicy,
      description: 'The whole policy as it was until the next version.',
    }),
  }),
});

const PolicyHistoryConnection = builder.connectionObject({
  type: PolicyVersion,
  name: 'PolicyHistoryConnection',
  description: 'A page of the versions of the policy, newest first.',
});

builder.queryField('policyHistory', (t) =>
  t.field({
    type: PolicyHistoryConnection,
    description:
      "Every version of your organization's policy, newest first: the one in force, and those before it.",
    args: forwardArguments(t),
    resolve: (_root, args, context) => {
      authorizeRead('policyHistory', context);
      const page = pageOf(args);
      return connectionOf(page, policyVersions(readScope(context), page), policyCursor, (version) => version);
    },
  }),
);
