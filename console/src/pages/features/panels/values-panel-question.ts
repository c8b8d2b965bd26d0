/** What is asked of a feature, as the address says it: `set`, `at`, and `key.kitchen` for each field that decides its value. */
import type {FeatureDetail, FeatureSetUse, JsonValue, ReadField} from 'millrace/protocol';
import {useSearchParams} from 'wouter';
import type {ValueQuestion} from '../../../data/queries.ts';

/** As typed: texts by name of the field. */
export type Typed = {readonly [field: string]: string};

export type Asking = {
  /** The set that is asked; null if no set has the feature. */
  readonly set: FeatureSetUse | null;
  /** The fields that decide its value: what a person types. */
  readonly fields: readonly ReadField[];
  readonly typed: Typed;
  readonly at: string;
  /** Null until all fields are known. */
  readonly question: ValueQuestion | null;
  /** Whether it was asked already: then the address stays as it is. */
  ask(set: string, typed: Typed, at: string): boolean;
};

const KEY = 'key.';

export function useQuestion({feature, sets}: FeatureDetail): Asking {
  const [params, setParams] = useSearchParams();
  const named = params.get('set');
  const set = sets.find(candidate => candidate.set === named) ?? sets[0] ?? null;
  const fields = decisive(set);
  const at = params.get('at') ?? '';
  const typed = Object.fromEntries(fields.map(({name}) => [name, params.get(KEY + name) ?? '']));
  const whole = set !== null && fields.every(({name}) => params.has(KEY + name));
  const question: ValueQuestion | null = whole
    ? // A set that does not exist is asked for all the same: the server says which do.
      {set: named ?? set.set, feature: feature.name, entity: entityOf(set, params), at: at || null}
    : null;
  const ask = (name: string, values: Typed, moment: string): boolean => {
    const next = questionParams(params, sets.length > 1 ? name : null, values, moment);
    if (next.toString() === params.toString()) return true;
    setParams(next);
    return false;
  };
  return {set, fields, typed, at, question, ask};
}

export const decisive = (set: FeatureSetUse | null): readonly ReadField[] =>
  set?.fields.filter(field => field.decides) ?? [];

/** The address of the same question about another feature, without the `?`. */
export function questionParams(old: URLSearchParams, set: string | null, typed: Typed, at: string): URLSearchParams {
  const next = new URLSearchParams([...old].filter(([name]) => !name.startsWith(KEY) && name !== 'set'));
  if (set !== null) next.set('set', set);
  for (const [name, text] of Object.entries(typed)) next.set(KEY + name, text);
  if (at.trim() === '') next.delete('at');
  else next.set('at', at.trim());
  return next;
}

/** A read must give every key of its set: those that change nothing of this value are given as nothing. */
function entityOf({fields}: FeatureSetUse, params: URLSearchParams): ValueQuestion['entity'] {
  return Object.fromEntries(
    fields.flatMap(field => {
      const text = params.get(KEY + field.name);
      if (text !== null) return text === '' && field.entity === null ? [] : [[field.name, typedValue(text, field)]];
      return field.entity === null ? [] : [[field.name, field.type === 'string' ? '' : 0]];
    }),
  );
}

/** The text as its type; as it is where it does not fit, so that the server says what would. */
export function typedValue(text: string, {type}: Pick<ReadField, 'type'>): JsonValue {
  if (type === 'number' || type === 'int') {
    const number = Number(text);
    return text.trim() !== '' && Number.isFinite(number) ? number : text;
  }
  if (type === 'bool') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
