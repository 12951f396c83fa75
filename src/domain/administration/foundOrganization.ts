import { InputCheck } from '../inputCheck.ts';
import { type AdministrationVerb, happened } from './decision.ts';
import { platform } from './platform.ts';

/**
 * Founds an organization: its own first entries, and its first administrator. Only the platform's own has none, and
 * only that one is called so.
 */
export const foundOrganization: AdministrationVerb<'foundOrganization'> = (input, { organizationId }) => {
  const isPlatform = organizationId === platform.organizationId;
  const check = new InputCheck();
  const name = check.text('name', input.name, 100);
  const slug = check.text('slug', input.slug, 63);
  if (slug !== '' && !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(slug)) {
    check.note('slug', 'Lower-case letters, digits and single hyphens between them are expected.');
  }
  if ((slug === platform.slug) !== isPlatform) check.note('slug', 'This slug is reserved.');
  if ((input.administrator === null) !== isPlatform) {
    check.note('administrator', 'Every organization but the platform has an administrator.');
  }
  const userId =
    input.administrator && check.text(['administrator', 'userId'], input.administrator.userId, 255);
  if (check.refusal !== null) return check.refusal;
  const created = { type: 'ORGANIZATION_CREATED', payload: { slug, name } } as const;
  return userId === null
    ? happened(created)
    : happened(created, { type: 'MEMBER_ADDED', payload: { userId, role: 'ORG_ADMIN' } });
};
