import { limits } from '../incident/limits.ts';
import type { InputCheck } from '../inputCheck.ts';
import type { Instant } from '../instant.ts';

/** What a source can be asked to do about its targets. */
export const bulkActionKinds = ['MUTE', 'UNMUTE', 'FORCE_RUN'] as const;
export type BulkActionKind = (typeof bulkActionKinds)[number];

/** How far a target of a bulk action is. RUNNING: a request is under way, or was when its instance ended. */
export const bulkTargetStates = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const;
export type BulkTargetState = (typeof bulkTargetStates)[number];

/** How far a bulk action is. CANCELLING: cancelled, and what was under way is not over yet. */
export const bulkActionStatuses = ['RUNNING', 'CANCELLING', 'COMPLETED', 'CANCELLED'] as const;
export type BulkActionStatus = (typeof bulkActionStatuses)[number];

/** The most targets of one bulk action. */
export const bulkTargetLimit = 1_000;
/** The most requests under way at a time. */
export const concurrencyLimit = 20;
/** Requests under way at a time unless said. */
export const defaultConcurrency = 5;
/** The longest wait between the beginnings of two requests: a minute, in milliseconds. */
export const throttleLimit = 60_000;

/** The bulk action that runs on an incident. */
export interface RunningBulkAction {
  readonly id: string;
  readonly source: string;
  readonly action: BulkActionKind;
  readonly targetCount: number;
  readonly cancelledAt: Instant | null;
}

/** A bulk action with everything of it that never changes, beside its targets. */
export interface BulkActionStart {
  readonly bulkActionId: string;
  readonly source: string;
  readonly action: BulkActionKind;
  readonly targetCount: number;
  /** SHA-256 of its targets as JSON, hexadecimal. */
  readonly targetsDigest: string;
  readonly concurrency: number;
  readonly throttleMilliseconds: number;
}

/** What its targets came to is kept for so many days from the end of a bulk action; its counts for ever. */
export const bulkResultDays = 90;

/** How many targets of a bulk action came to what, when all are over. */
export interface BulkActionCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** The targets of a bulk action as they are kept: trimmed, each once; what does not fit is noted. */
export function checkedTargets(check: InputCheck, targets: readonly string[]): readonly string[] {
  const distinct = [...new Set(targets.map((target) => target.trim()))];
  if (distinct.length === 0 || distinct.length > bulkTargetLimit) {
    check.note('targets', `1 to ${bulkTargetLimit} targets are expected; these are ${distinct.length}.`);
    return [];
  }
  return distinct.map((target, index) => check.text(['targets', String(index)], target, limits.key));
}

/** A stretch of time in which a target was muted: what fails in it counts for no burst, however late it is told. */
export interface MutedSpan {
  readonly since: Instant;
  /** From here on it counts again; null: it is muted still. */
  readonly until: Instant | null;
}

/** Whether an instant is of one of these stretches. */
export function isMutedAt(spans: readonly MutedSpan[], at: Instant): boolean {
  return spans.some(({ since, until }) => at >= since && (until === null || at < until));
}

/** Whether a run's id is of those that bulk actions give to the runs they leave: nobody else may report one. */
export function isOfBulkAction(runId: string): boolean {
  return /^bulk\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/\d+$/i.test(runId);
}

const verbs: Readonly<Record<BulkActionKind, string>> = {
  MUTE: 'Mute',
  UNMUTE: 'Unmute',
  FORCE_RUN: 'Run',
};

/** A bulk action in a few words: `Mute 5 targets of reminders`. */
export function labelOf({
  action,
  targetCount,
  source,
}: Pick<BulkActionStart, 'action' | 'targetCount' | 'source'>): string {
  const targets = targetCount === 1 ? '1 target' : `${targetCount} targets`;
  return `${verbs[action]} ${targets} of ${source}`;
}
