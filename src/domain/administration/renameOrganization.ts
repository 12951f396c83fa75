import { InputCheck } from '../inputCheck.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';

/** Gives the organization another name; its slug stays, because settings of programs say it. */
export const renameOrganization: AdministrationVerb<'renameOrganization'> = (input, { facts }) => {
  const check = new InputCheck();
  const name = check.text('name', input.name, 100);
  if (check.refusal !== null) return check.refusal;
  if (name === facts.organizationName) return nothingHappened;
  return happened({ type: 'ORGANIZATION_RENAMED', payload: { name } });
};
