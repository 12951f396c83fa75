import type { Instant } from '../domain/instant.ts';

/**
 * Where the switcher keeps the organization a superadmin acts in without a membership. It holds for the one session that
 * chose it, for an hour, which the cookie says itself: nobody acts as a superadmin by a choice that was left behind, in a
 * browser that keeps cookies for longer or on a socket that stays open. A wish: whether they are one is
 * asked anew, and whatever they do is recorded.
 */
const name = 'warroom.acting';
const chosen = new RegExp(`(?:^|;)\\s*${name}=([a-z0-9-]{1,63})\\.([\\w-]{1,64})\\.(\\d{1,12})\\s*(?:;|$)`);
const rememberedSeconds = 3_600;

/** The slug that this session chose in a `Cookie` header less than an hour before `now`; null when it chose none. */
export function actingIn(header: string | undefined, sessionId: string, now: Instant): string | null {
  const [, slug = null, session, until] = (header && chosen.exec(header)) || [];
  const secondsLeft = Number(until) - seconds(now);
  return session === sessionId && secondsLeft > 0 && secondsLeft <= rememberedSeconds ? slug : null;
}

/** `Set-Cookie` that chooses a slug for this session from `now` on; `secure`: over https only. */
export function actIn(slug: string, sessionId: string, now: Instant, secure: boolean): string {
  const until = seconds(now) + rememberedSeconds;
  return written(`${slug}.${sessionId}.${until}; Max-Age=${rememberedSeconds}`, secure);
}

/** `Set-Cookie` that ends the choice. */
export function actNowhere(secure: boolean): string {
  return written('; Max-Age=0', secure);
}

const seconds = (instant: Instant): number => Math.floor(Date.parse(instant) / 1_000);

function written(value: string, secure: boolean): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
