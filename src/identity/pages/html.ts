/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

/** What may stand in a template: text is escaped, HTML is not, a list is joined, and nothing is nothing. */
type Value = string | number | Html | readonly Html[] | null | undefined | false;

/** HTML with values put in: `html\`<p>${name}</p>\``. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part) };
}

function textOf(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value === 'object') return (value as Html).html;
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
