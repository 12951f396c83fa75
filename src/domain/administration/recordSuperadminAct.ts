import type { AdministrationVerb } from './decision.ts';

/** Fields of one operation that are kept. */
const fieldsLimit = 100;

/** Writes down what a SUPERADMIN is about to do, before it is done. */
export const recordSuperadminAct: AdministrationVerb<'recordSuperadminAct'> = ({
  operation,
  fields,
  requestId,
}) => ({
  ok: true,
  facts: [
    { type: 'SUPERADMIN_ACTED', payload: { operation, fields: fields.slice(0, fieldsLimit), requestId } },
  ],
});
