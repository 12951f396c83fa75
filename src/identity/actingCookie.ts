/**
 * Where the switcher keeps the organization a superadmin acts in without a membership. It holds for the one session that
 * chose it, for an hour: nobody acts as a superadmin by a choice that was left behind. A wish: whether they are one is
 * asked anew, and whatever they do is recorded.
 */
const name = 'warroom.acting';
const chosen = new RegExp(`(?:^|;)\\s*${name}=([a-z0-9-]{1,63})\\.([\\w-]{1,64})\\s*(?:;|$)`);
const rememberedSeconds = 3_600;

/** The slug that this session chose in a `Cookie` header; null when it chose none. */
export function actingIn(header: string | undefined, sessionId: string): string | null {
  const [, slug = null, session] = (header && chosen.exec(header)) || [];
  return session === sessionId ? slug : null;
}

/** `Set-Cookie` that chooses a slug for this session, or ends the choice (null); `secure`: over https only. */
export function actIn(slug: string | null, sessionId: string, secure: boolean): string {
  const value = slug === null ? '; Max-Age=0' : `${slug}.${sessionId}; Max-Age=${rememberedSeconds}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
