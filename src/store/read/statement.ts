/** A statement being put together: text with `$n` where a value goes, and the values. */
export class Statement {
  readonly parameters: unknown[] = [];

  /** The placeholder of a value. */
  value(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }
}
