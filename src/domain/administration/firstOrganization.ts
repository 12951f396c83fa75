/** The organization that the first start on an empty database founds, and the one meant where none is named. */
export const firstOrganization = { slug: 'default', name: 'Default' } as const;
