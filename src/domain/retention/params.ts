// Parameters of a statement that is put together from parts: each value gets the next number.

export class Params {
  readonly values: unknown[];
  constructor(...first: readonly unknown[]) { this.values = [...first]; }
  /** `$n` of the value, with a cast where the type cannot be seen. */
  add(value: unknown, cast = ''): string { return `$${this.values.push(value)}${cast}`; }
}
