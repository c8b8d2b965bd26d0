// Regular expressions that mean the same in JavaScript, RE2 (DuckDB) and Java (Spark): a subset, written out
// for each. Allowed: characters, escapes of punctuation and \n \r \t, `.` (all but \n), classes, \d \w \D \W (ASCII),
// ^ and $ (the ends of the text), groups, `|`, and * + ? {n,m}, also lazy. At most one group captures.
// Not allowed, because they differ or are missing somewhere: \b \s \p, look-around, back-references, flags, and
// repeating what may be empty or captures.
import {MillraceError} from '../../protocol/index.ts';

type Language = 'js' | 'sql';
type Part = {readonly text: string; readonly mayBeEmpty: boolean; readonly captures: number};

const SYNTAX = /[\\^$.*+?()[\]{}|/]/;
const CONTROL: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t'};
const SHORTHAND: Readonly<Record<string, string>> = {d: '0-9', w: '0-9A-Za-z_'};
/** RE2's limit. */
const MAX_REPEAT = 1_000;

/** One pattern, for one language. The first group is what an extraction yields: the pattern's own, or all of it. */
class Translation {
  readonly #pattern: string;
  readonly #characters: readonly string[];
  readonly #language: Language;
  #at = 0;

  constructor(pattern: string, language: Language) {
    this.#pattern = pattern;
    this.#characters = Array.from(pattern);
    this.#language = language;
  }

  whole(): string {
    const {text, captures} = this.#alternatives();
    if (this.#at < this.#characters.length) throw this.#wrong("')' without '('");
    return captures === 0 ? `(${text})` : text;
  }

  #alternatives(): Part {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    const captures = parts.reduce((sum, part) => sum + part.captures, 0);
    if (captures > 1) throw this.#wrong('more than one capturing group', 'Write the others as (?:...).');
    return {text: parts.map(part => part.text).join('|'), mayBeEmpty: parts.some(part => part.mayBeEmpty), captures};
  }

  #sequence(): Part {
    let text = '';
    let mayBeEmpty = true;
    let captures = 0;
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const part = this.#repeated(this.#atom());
      text += part.text;
      mayBeEmpty &&= part.mayBeEmpty;
      captures += part.captures;
    }
    return {text, mayBeEmpty, captures};
  }

  #atom(): Part {
    const c = this.#characters[this.#at++]!;
    if (c === '(') return this.#group();
    if (c === '[') return consuming(this.#class());
    if (c === '.') return consuming('[^\\n]');
    if (c === '^') return {text: '^', mayBeEmpty: true, captures: 0};
    if (c === '$') return {text: this.#language === 'js' ? '$' : '\\z', mayBeEmpty: true, captures: 0};
    if (c === '\\') return consuming(this.#escape());
    if (SYNTAX.test(c) && c !== '/')
      throw this.#wrong(`'${c}' with nothing to repeat`, `Write \\${c} for the character.`);
    return consuming(this.#literal(c));
  }

  #group(): Part {
    const named = this.#take('?');
    if (named && !this.#take(':')) throw this.#wrong("a group that begins with '(?'", 'Only (?:...) is allowed.');
    const inside = this.#alternatives();
    if (!this.#take(')')) throw this.#wrong("'(' without ')'");
    if (named) return {...inside, text: `(?:${inside.text})`};
    if (inside.captures > 0) throw this.#wrong('a group that captures inside another', 'Write the others as (?:...).');
    return {...inside, text: `(${inside.text})`, captures: 1};
  }

  #repeated(part: Part): Part {
    const rest = this.#characters.slice(this.#at).join('');
    const quantifier = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})/.exec(rest);
    if (quantifier === null) return part;
    const [text, least, most] = quantifier;
    if (part.mayBeEmpty) throw this.#wrong(`'${text}' after what may be empty`);
    if (part.captures > 0 && text !== '?') throw this.#wrong(`'${text}' after a group that captures`);
    if (Number(least ?? 0) > MAX_REPEAT || Number(most ?? 0) > MAX_REPEAT || (most && Number(most) < Number(least)))
      throw this.#wrong(`'${text}'`, `Repeat ${MAX_REPEAT} times at most, the smaller number first.`);
    this.#at += text.length;
    const lazy = this.#take('?') ? '?' : '';
    const mayBeEmpty = text === '*' || text === '?' || (least !== undefined && Number(least) === 0);
    return {text: part.text + text + lazy, mayBeEmpty, captures: part.captures};
  }

  #escape(): string {
    const c = this.#characters[this.#at++];
    if (c === undefined) throw this.#wrong("'\\' at the end");
    if (c in SHORTHAND) return `[${SHORTHAND[c]}]`;
    if (c.toLowerCase() in SHORTHAND) return `[^${SHORTHAND[c.toLowerCase()]}]`;
    return this.#literal(this.#escaped(c));
  }

  #escaped(c: string): string {
    if (c in CONTROL) return CONTROL[c]!;
    if (/[0-9A-Za-z]/.test(c))
      throw this.#wrong(`\\${c}`, 'Write out the characters that are meant, such as [ \\t\\n] for \\s.');
    return c;
  }

  #class(): string {
    const negated = this.#take('^') ? '^' : '';
    let text = '';
    while (!this.#take(']')) {
      const c = this.#characters[this.#at];
      if (c === undefined) throw this.#wrong("'[' without ']'");
      const shorthand = c === '\\' ? SHORTHAND[this.#characters[this.#at + 1] ?? ''] : undefined;
      if (shorthand !== undefined) {
        this.#at += 2;
        text += shorthand;
        continue;
      }
      const from = this.#member();
      if (this.#peek() !== '-' || this.#characters[this.#at + 1] === ']') text += this.#code(from);
      else {
        this.#at++;
        const to = this.#member();
        if (to.codePointAt(0)! < from.codePointAt(0)!) throw this.#wrong(`the range ${from}-${to}`);
        text += `${this.#code(from)}-${this.#code(to)}`;
      }
    }
    if (text === '') throw this.#wrong('an empty class');
    return `[${negated}${text}]`;
  }

  #member(): string {
    const c = this.#characters[this.#at++]!;
    if (c === '[') throw this.#wrong("'[' inside a class", 'Write \\[ for the character.');
    return c === '\\' ? this.#escaped(this.#characters[this.#at++] ?? '0') : c;
  }

  #literal(c: string): string {
    return c < ' ' ? this.#code(c) : SYNTAX.test(c) ? `\\${c}` : c;
  }

  #code(c: string): string {
    return /[0-9A-Za-z]/.test(c) ? c : `\\${this.#language === 'js' ? 'u' : 'x'}{${c.codePointAt(0)!.toString(16)}}`;
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(c: string): boolean {
    if (this.#peek() !== c) return false;
    this.#at++;
    return true;
  }

  #wrong(what: string, fix = 'Use what JavaScript, RE2 and Java read alike.'): MillraceError {
    return new MillraceError('DEFINITION_INVALID', `The pattern /${this.#pattern}/ has ${what}.`, {fix});
  }
}

const consuming = (text: string): Part => ({text, mayBeEmpty: false, captures: 0});

/** Throws DEFINITION_INVALID for a pattern outside the subset. */
export const regexOf = (pattern: string): RegExp => new RegExp(new Translation(pattern, 'js').whole(), 'u');

/** The same pattern for RE2 and for Java. */
export const regexSql = (pattern: string): string => new Translation(pattern, 'sql').whole();
