import { escalationPreview, type EscalationStep as Step } from '../../domain/escalation/escalationPreview.ts';
import type { EscalationRule } from '../../domain/policy/policy.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { EscalationReasonEnum, IncidentSeverityEnum } from '../enums.ts';
import { idOf } from '../globalId.ts';
import { EscalationRuleInput } from '../policy/escalationRuleInput.ts';
import { EscalationTarget } from './escalationTarget.ts';

const EscalationStep = builder.objectRef<Step>('EscalationStep').implement({
  description: 'An escalation that would happen if nobody acted.',
  fields: (t) => ({
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'When.' }),
    reason: t.expose('reason', { type: EscalationReasonEnum, description: 'Why.' }),
    rule: t.exposeString('rule', { description: 'The rule that would do it.' }),
    level: t.exposeInt('level', { description: 'How far up it would go by then.' }),
    target: t.field({
      type: EscalationTarget,
      description: 'Whom it would go to.',
      resolve: ({ target }) => target,
    }),
    why: t.exposeString('why', { description: 'Why and when, in a sentence for a person.' }),
  }),
});

/** The most rules a preview tries: the most a policy holds of each severity, four times over. */
const rulesLimit = 50;

builder.queryField('escalationPreview', (t) =>
  t.field({
    type: [EscalationStep],
    description:
      'A dry run: what would escalate if nobody acted, soonest first, for an incident as it is or for a new one of a severity, under the policy or under rules to try.',
    args: {
      incidentId: t.arg.id({
        description: 'The incident to look at; give this, `severity`, or both to suppose a change.',
      }),
      severity: t.arg({ type: IncidentSeverityEnum, description: 'The severity to suppose.' }),
      from: t.arg({ type: 'DateTime', description: 'When it would be declared or changed. Default now.' }),
      rules: t.arg({ type: [EscalationRuleInput], description: "Rules to try. Default the policy's." }),
    },
    resolve: async (_root, args, context) => {
      authorizeRead('escalationPreview', context);
      const { loaders, clock } = context;
      const incidentId = args.incidentId == null ? null : idOf('Incident', args.incidentId);
      const incident = incidentId === null ? null : await loaders.incident.load(incidentId);
      if (args.incidentId != null && incident === null) throw badUserInput('incidentId names no incident.');
      const severity = args.severity ?? incident?.state.severity;
      if (severity === undefined) throw badUserInput('Give incidentId or severity.');
      if ((args.rules?.length ?? 0) > rulesLimit) throw badUserInput(`rules must be at most ${rulesLimit}.`);
      const policy = await loaders.policy.load('CURRENT');
      const rules: readonly EscalationRule[] =
        args.rules?.map((rule) => ({
          ...rule,
          severities: rule.severities ?? null,
          afterMinutes: rule.afterMinutes ?? 0,
        })) ??
        policy?.escalationRules ??
        [];
      if (rules.some(({ afterMinutes }) => afterMinutes < 0 || afterMinutes > 525_600)) {
        throw badUserInput('rules: afterMinutes must lie between 0 and 525,600.');
      }
      const from = args.from ?? clock.now();
      const windows = policy?.maintenanceWindows ?? [];
      return escalationPreview(rules, { severity, from, state: incident?.state ?? null, windows });
    },
  }),
);
