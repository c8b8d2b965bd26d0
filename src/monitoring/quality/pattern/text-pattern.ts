/**
 * A regular expression that is matched in time linear in the text, whatever the two are: as a set of places in a
 * nondeterministic automaton, whose sets become states of a deterministic one as texts lead to them (Thompson 1968;
 * the lazy states as in grep and RE2). There is no going back, hence no pattern that takes for ever.
 */
import {parsePattern} from './parse-pattern.ts';
import type {PatternNode, UnitRange} from './pattern-node.ts';

/** Code units of a text beyond which nothing is read: such a text matches no pattern. */
export const LONGEST_TEXT = 1_024;
const MOST_PLACES = 2_000;
/** States that are remembered; then they are made again. */
const MOST_STATES = 500;

/** Entries of `#set` that read nothing. */
const FORK = -1;
const END = -2;

type State = {readonly places: readonly number[]; readonly matches: boolean; readonly next: (State | undefined)[]};

/** Matches whole texts. */
export class TextPattern {
  /** By place: the set of units that leads on, or FORK or END; where to; for a FORK, where else. */
  readonly #set: number[] = [];
  readonly #next: number[] = [];
  readonly #other: number[] = [];
  readonly #sets: (readonly UnitRange[])[] = [];
  /** First units of the classes of units that no set tells apart. */
  readonly #classStarts: readonly number[];
  readonly #classOfAscii: Uint8Array;
  /** By class, whether each set holds it. */
  readonly #holds: readonly (readonly boolean[])[];
  readonly #states = new Map<string, State>();
  readonly #start: State;

  /** Throws a SyntaxError for what is no regular expression, is not offered, or is too large. */
  constructor(pattern: string) {
    this.#place(END, -1);
    const start = this.#compile(parsePattern(pattern), 0);
    const sets = this.#sets;
    const starts = new Set([0, ...sets.flatMap(set => set.flatMap(([low, high]) => [low, high + 1]))]);
    this.#classStarts = [...starts].sort((a, b) => a - b);
    this.#holds = this.#classStarts.map(first =>
      sets.map(set => set.some(([low, high]) => first >= low && first <= high)),
    );
    this.#classOfAscii = Uint8Array.from({length: 128}, (_, code) => this.#classOf(code));
    this.#start = this.#state(this.#closure([start]));
  }

  /** Whether the whole of `text` matches. */
  test(text: string): boolean {
    if (text.length > LONGEST_TEXT) return false;
    let state = this.#start;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const unitClass = code < 128 ? this.#classOfAscii[code]! : this.#classOf(code);
      state = state.next[unitClass] ?? this.#step(state, unitClass);
      if (state.places.length === 0) return false;
    }
    return state.matches;
  }

  #step(state: State, unitClass: number): State {
    const holds = this.#holds[unitClass]!;
    const places = state.places.filter(place => this.#set[place]! >= 0 && holds[this.#set[place]!]);
    const next = this.#state(this.#closure(places.map(place => this.#next[place]!)));
    state.next[unitClass] = next;
    return next;
  }

  #state(places: readonly number[]): State {
    const key = places.join();
    let state = this.#states.get(key);
    if (!state) {
      // States that are held still know each other, but are found no more: memory is bounded by the text at hand.
      if (this.#states.size === MOST_STATES) this.#forget();
      state = {places, matches: places.includes(0), next: []};
      this.#states.set(key, state);
    }
    return state;
  }

  #forget(): void {
    this.#start.next.length = 0;
    for (const state of this.#states.values()) state.next.length = 0;
    this.#states.clear();
  }

  /** The places that are reached from these without reading; forks are left out. Ascending. */
  #closure(from: readonly number[]): number[] {
    const seen = new Set<number>();
    const waiting = [...from];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (seen.has(place)) continue;
      seen.add(place);
      if (this.#set[place] === FORK) waiting.push(this.#next[place]!, this.#other[place]!);
    }
    return [...seen].filter(place => this.#set[place] !== FORK).sort((a, b) => a - b);
  }

  /** Adds the places of a node that goes on to `then`; returns where it begins. */
  #compile(node: PatternNode, then: number): number {
    switch (node.kind) {
      case 'unit':
        return this.#place(this.#setOf(node.of), then);
      case 'sequence':
        return node.items.reduceRight((next, item) => this.#compile(item, next), then);
      case 'choice':
        return node.options
          .map(option => this.#compile(option, then))
          .reduceRight((other, option) => this.#place(FORK, option, other));
      case 'repeat':
        return this.#repeat(node, then);
    }
  }

  #setOf(ranges: readonly UnitRange[]): number {
    const known = this.#sets.indexOf(ranges);
    return known < 0 ? this.#sets.push(ranges) - 1 : known;
  }

  #repeat({item, least, most}: Extract<PatternNode, {kind: 'repeat'}>, then: number): number {
    if (Math.max(least, most ?? 0) > MOST_PLACES) throw tooLarge();
    let start = then;
    if (most === null) {
      start = this.#place(FORK, then, then);
      this.#next[start] = this.#compile(item, start);
    } else for (let i = least; i < most; i++) start = this.#place(FORK, this.#compile(item, start), then);
    for (let i = 0; i < least; i++) start = this.#compile(item, start);
    return start;
  }

  #place(set: number, next: number, other = -1): number {
    if (this.#set.length > MOST_PLACES) throw tooLarge();
    this.#next.push(next);
    this.#other.push(other);
    return this.#set.push(set) - 1;
  }

  #classOf(code: number): number {
    let low = 0;
    let high = this.#classStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#classStarts[middle]! <= code) low = middle;
      else high = middle;
    }
    return low;
  }
}

const tooLarge = () =>
  new SyntaxError(`the pattern has more than ${MOST_PLACES} places once its repetitions are written out`);
