import type { IncidentCommandInputs } from '../domain/incident/commands.ts';
import type { FieldProblem } from '../domain/refusal.ts';

/** What the body of a webhook of this format comes to, or what is wrong with it; null when there is no such format. */
export type TranslateDelivery = (
  format: string,
  body: unknown,
) =>
  | { readonly commands: readonly IncidentCommandInputs['receiveSignals'][] }
  | { readonly problems: readonly FieldProblem[] }
  | null;
