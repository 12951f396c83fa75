/** Where the switcher keeps the organization a person chose last, by its slug. A wish: whether they belong is asked anew. */
const name = 'warroom.organization';
const chosen = new RegExp(`(?:^|;)\\s*${name}=([a-z0-9-]{1,63})\\s*(?:;|$)`);
const rememberedSeconds = 365 * 24 * 3_600;

/** The slug chosen last in a `Cookie` header; null when none was. */
export function chosenOrganization(header: string | undefined): string | null {
  return (header && chosen.exec(header)?.[1]) ?? null;
}

/** `Set-Cookie` that chooses a slug; `secure`: over https only. */
export function chooseOrganization(slug: string, secure: boolean): string {
  return `${name}=${slug}; Path=/; Max-Age=${rememberedSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
