import { clipText } from '../clipText.ts';
import { limits } from '../incident/limits.ts';
import { withoutRefused } from '../textProblem.ts';
import type { SignalCandidate } from './outcomeOf.ts';

/** What a placeholder of a title may stand for, beside `label:NAME`. */
const placeholders = ['title', 'summary', 'source', 'service', 'environment', 'severity'] as const;

/** The texts a title is made of. */
export type TitleTexts = Pick<
  SignalCandidate,
  'source' | 'service' | 'environment' | 'severity' | 'labels'
> & {
  readonly title: string;
  readonly summary: string;
};

const placeholder = /\{([^{}]*)\}/g;

/** The title a template makes; what is not known is left out. Never empty, at most a title's length, never refused. */
export function titleFrom(template: string, texts: TitleTexts): string {
  const title = template.replace(placeholder, (_whole, name: string) => textOf(name, texts) ?? '');
  return clipText(withoutRefused(title).replace(/\s+/g, ' ').trim(), limits.title) || texts.title;
}

/** The placeholders of a template that stand for nothing. */
export function unknownPlaceholders(template: string): readonly string[] {
  const names = [...template.matchAll(placeholder)].map(([, name = '']) => name);
  return names.filter((name) => !isKnown(name) && !/^label:.+$/.test(name));
}

function textOf(name: string, texts: TitleTexts): string | null {
  if (isKnown(name)) return texts[name];
  return texts.labels().get(name.slice('label:'.length)) ?? null;
}

function isKnown(name: string): name is (typeof placeholders)[number] {
  return (placeholders as readonly string[]).includes(name);
}
