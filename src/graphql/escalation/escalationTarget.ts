import type { EscalationTargetKind } from '../../domain/incident/vocabulary.ts';
import { builder } from '../builder.ts';
import { EscalationTargetKindEnum } from '../enums.ts';
import { User } from '../user/user.ts';

const targetNames: Readonly<Record<EscalationTargetKind, string>> = {
  ON_CALL: 'On-call responder',
  SUPERVISOR: 'Supervisor',
  DIRECTOR: 'Director',
  SLACK: 'Slack',
};

/** Whom an escalation goes to. */
export const EscalationTarget = builder.objectRef<EscalationTargetKind>('EscalationTarget').implement({
  description: 'Whom an escalation goes to.',
  fields: (t) => ({
    kind: t.field({
      type: EscalationTargetKindEnum,
      description: 'What kind of target.',
      resolve: (kind) => kind,
    }),
    name: t.string({ description: 'What to call it.', resolve: (kind) => targetNames[kind] }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The person it is, when one person is; null while no schedule says who.',
      resolve: () => null,
    }),
  }),
});
