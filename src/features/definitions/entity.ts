import {MillraceError, type Schema} from '../../protocol/index.ts';

/** What features are about: an airport, a user, a pair of both. Keys are strings or integers. */
export interface Entity<N extends string = string, K extends Schema = Schema> {
  readonly kind: 'entity';
  readonly name: N;
  readonly keys: K;
}

export function entity<const N extends string, K extends Schema>(name: N, keys: K): Entity<N, K> {
  for (const [key, {type, nullable}] of Object.entries(keys))
    if ((type !== 'string' && type !== 'int') || nullable)
      throw new MillraceError(
        'DEFINITION_INVALID',
        `Entity '${name}': key '${key}' is a ${nullable ? 'nullable ' : ''}${type}.`,
        {
          fix: 'Use t.string or t.int, never null.',
        },
      );
  return Object.freeze({kind: 'entity', name, keys});
}
