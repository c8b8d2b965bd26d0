/** Numbers for strings, so that a state of numbers can hold them. A code is never given to another string. */
export class StringCodes {
  readonly #strings: string[];
  readonly #codes: Map<string, number>;

  constructor(strings: readonly string[] = []) {
    this.#strings = [...strings];
    this.#codes = new Map(strings.map((text, code) => [text, code]));
  }

  /** All strings, by code. */
  get strings(): readonly string[] {
    return this.#strings;
  }

  /** NaN for null. */
  encode(text: string | null): number {
    if (text === null) return Number.NaN;
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.#strings.length);
    return this.#strings.push(text) - 1;
  }

  decode(code: number): string | null {
    return Number.isNaN(code) ? null : this.#strings[code]!;
  }
}
