import { InputCheck } from '../inputCheck.ts';
import type { AdministrationVerb } from './decision.ts';

/** Founds an organization: its own first entries, and its first administrator. */
export const foundOrganization: AdministrationVerb<'foundOrganization'> = (input) => {
  const check = new InputCheck();
  const name = check.text('name', input.name, 100);
  const slug = check.text('slug', input.slug, 63);
  if (slug !== '' && !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(slug)) {
    check.note('slug', 'Lower-case letters, digits and single hyphens between them are expected.');
  }
  const userId = check.text(['administrator', 'userId'], input.administrator.userId, 255);
  if (check.refusal !== null) return check.refusal;
  return {
    ok: true,
    facts: [
      { type: 'ORGANIZATION_CREATED', payload: { slug, name } },
      { type: 'MEMBER_ADDED', payload: { userId, role: 'ORG_ADMIN' } },
    ],
  };
};
