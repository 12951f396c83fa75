import type { RootCause as Source } from '../../domain/incident/state.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { RootCauseCategoryEnum } from '../enums.ts';

/** The root cause that holds; the ledger keeps superseded ones. */
export const RootCause = builder.objectRef<Source>('RootCause').implement({
  description: 'Why it happened. A later one supersedes it; the ledger keeps both.',
  fields: (t) => ({
    summary: t.exposeString('summary', { description: 'What the cause was.' }),
    category: t.expose('category', { type: RootCauseCategoryEnum, description: 'What kind of cause.' }),
    remediationSteps: t.exposeString('remediationSteps', {
      description: 'What was or will be done about it.',
    }),
    identifiedBy: t.expose('identifiedBy', { type: ActorType, description: 'Who recorded it.' }),
    identifiedAt: t.expose('identifiedAt', { type: 'DateTime', description: 'When it was recorded.' }),
    verifiedAt: t.expose('verifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was verified; null while it is not.',
    }),
    verifiedBy: t.expose('verifiedBy', {
      type: ActorType,
      nullable: true,
      description: 'Who verified it; null while it is not.',
    }),
  }),
});
