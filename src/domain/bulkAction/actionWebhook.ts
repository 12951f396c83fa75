import type { Instant } from '../instant.ts';

/** The most sources that have an action webhook. */
export const actionWebhookLimit = 50;

/** Longest time the secret before goes on counting after a rotation: seven days, in minutes. */
export const secretOverlapLimit = 7 * 24 * 60;

/** Where a source takes requests to do something about its targets. Its signing secret is kept apart, sealed. */
export interface ActionWebhook {
  /** Unique in the policy. */
  readonly source: string;
  readonly url: string;
  /** Since when its signing secret is the one it has. */
  readonly secretSetAt: Instant;
  /** The command that gave it that secret. */
  readonly secretSetBy: string;
  /** Until when requests are signed with the secret before, too; null: they are not. */
  readonly overlapEndsAt: Instant | null;
}

/** The webhook of a source; undefined when it has none. */
export function webhookOf(
  { actionWebhooks }: { readonly actionWebhooks: readonly ActionWebhook[] },
  source: string,
): ActionWebhook | undefined {
  return actionWebhooks.find((webhook) => webhook.source === source);
}
