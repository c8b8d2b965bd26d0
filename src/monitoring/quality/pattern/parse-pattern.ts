// Reads an ECMAScript regular expression (without flags) as far as an automaton can follow it: all of it but
// backward references, looking around and word boundaries. `^` and `$` may stand where they change nothing.
import {ANY_BUT_LINE_END, CLASSES, type PatternNode, type UnitRange, unitsBut} from './pattern-node.ts';

/** Throws a SyntaxError: for what is no regular expression, and for what is not offered. */
export function parsePattern(pattern: string): PatternNode {
  new RegExp(pattern); // says what is wrong in the words that people know
  return new PatternParser(pattern).parse();
}

const CONTROLS: Readonly<Record<string, number>> = {n: 10, r: 13, t: 9, v: 11, f: 12, '0': 0};

class PatternParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw this.#refused(`')' at ${this.#at}`);
    return node;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#takes('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : {kind: 'choice', options};
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    const outermost = this.#depth === 0;
    if (outermost) while (this.#takes('^'));
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) {
      if (this.#text[this.#at] === '$' && outermost) {
        this.#at++;
        if (this.#at < this.#text.length && this.#text[this.#at] !== '|') throw this.#refused("'$' before the end");
        break;
      }
      items.push(this.#quantified(this.#atom()));
    }
    return {kind: 'sequence', items};
  }

  #quantified(item: PatternNode): PatternNode {
    const [least, most] = this.#quantifier() ?? [];
    if (least === undefined || most === undefined) return item;
    this.#takes('?'); // the lazy one matches the same whole texts
    return {kind: 'repeat', item, least, most};
  }

  #quantifier(): readonly [least: number, most: number | null] | null {
    if (this.#takes('*')) return [0, null];
    if (this.#takes('+')) return [1, null];
    if (this.#takes('?')) return [0, 1];
    const [whole, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(this.#text.slice(this.#at, this.#at + 40)) ?? [];
    if (whole === undefined) return null;
    this.#at += whole.length;
    return [Number(least), comma === '' ? Number(least) : most === '' ? null : Number(most)];
  }

  #atom(): PatternNode {
    const character = this.#text[this.#at++]!;
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return {kind: 'unit', of: this.#set()};
      case '.':
        return {kind: 'unit', of: ANY_BUT_LINE_END};
      case '\\':
        return {kind: 'unit', of: this.#escape(false)};
      case '^':
      case '$':
        throw this.#refused(`'${character}' within the pattern`);
      default:
        return {kind: 'unit', of: [unit(character)]};
    }
  }

  #group(): PatternNode {
    if (this.#takes('?')) {
      const [name] = /^<[^=!>]*>/.exec(this.#text.slice(this.#at)) ?? [];
      if (name !== undefined) this.#at += name.length;
      else if (!this.#takes(':')) throw this.#refused('looking ahead or behind, or a flag');
    }
    this.#depth++;
    const node = this.#choice();
    this.#depth--;
    this.#at++; // the closing bracket: RegExp has seen it
    return node;
  }

  #set(): readonly UnitRange[] {
    const negated = this.#takes('^');
    const ranges: UnitRange[] = [];
    while (!this.#takes(']')) {
      const from = this.#member();
      if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']') {
        ranges.push(...from);
        continue;
      }
      this.#at++;
      const to = this.#member();
      const [[low, lowEnd], [high, highEnd]] = [from[0]!, to[0]!];
      // With a class on one side the hyphen is a character (Annex B of ECMAScript).
      const single = from.length === 1 && to.length === 1 && low === lowEnd && high === highEnd;
      ranges.push(...(single ? [[low, high] as const] : [...from, unit('-'), ...to]));
    }
    return negated ? unitsBut(ranges) : ranges;
  }

  #member(): readonly UnitRange[] {
    const character = this.#text[this.#at++]!;
    return character === '\\' ? this.#escape(true) : [unit(character)];
  }

  #escape(inSet: boolean): readonly UnitRange[] {
    const letter = this.#text[this.#at++]!;
    const ofClass = CLASSES[letter];
    if (ofClass) return ofClass;
    const rest = this.#text.slice(this.#at, this.#at + 4);
    const hex = letter === 'x' ? /^[\da-f]{2}/i.exec(rest) : letter === 'u' ? /^[\da-f]{4}/i.exec(rest) : null;
    if (hex) {
      this.#at += hex[0].length;
      const code = Number.parseInt(hex[0], 16);
      return [[code, code]];
    }
    if (letter === 'b' && inSet) return [[8, 8]];
    const control = CONTROLS[letter];
    if (control !== undefined && !(letter === '0' && /^\d/.test(rest))) return [[control, control]];
    if (/[\da-z]/i.test(letter)) throw this.#refused(`'\\${letter}'`);
    return [unit(letter)];
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #refused(what: string): SyntaxError {
    return new SyntaxError(
      `${what} is not offered in the pattern ${this.#text}: it is matched in one pass over a text, without going back`,
    );
  }
}

function unit(character: string): UnitRange {
  const code = character.charCodeAt(0);
  return [code, code];
}
