import {MillraceError, nearest} from '../../protocol/index.ts';

/** A project file runs without a type check: a misspelt name must not become `undefined`. */
export function knownNames<T extends object>(expressions: T, what = ''): T {
  return new Proxy(expressions, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name);
      const names = Object.keys(target);
      const near = nearest(name, names);
      throw new MillraceError(
        'NAME_UNKNOWN',
        `There is no ${what === '' ? '' : `${what} `}'${name}'${what === '' ? ' here' : ''}.`,
        {
          fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Use one of ${names.join(', ')}.`,
        },
      );
    },
  });
}
