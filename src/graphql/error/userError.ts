import type { Refusal } from '../../domain/refusal.ts';
import { builder } from '../builder.ts';
import { ErrorCodeEnum } from '../enums.ts';

/** What every typed error has: ask for it with `... on UserError { code message }` in any mutation's result. */
export const UserError = builder.interfaceRef<Refusal>('UserError').implement({
  description:
    'An expected "no", as data. Every error member of a mutation\'s result implements it, so `... on UserError { code message }` covers them all.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeEnum,
      description: 'What went wrong, for a program.',
      resolve: (refusal) => refusal.code,
    }),
    message: t.exposeString('message', { description: 'What went wrong and what to do, for a person.' }),
  }),
  resolveType: (refusal) => refusal.kind,
});
