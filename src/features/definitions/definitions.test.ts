import {describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {canonicalJson, MillraceError, t} from '../../protocol/index.ts';
import {printExpression} from '../expressions/print.ts';
import {entity} from './entity.ts';
import {type FeatureNames, featureSet, type RequestOf, use} from './feature-set.ts';
import {featureView} from './view.ts';

const orders = events('orders', {
  schema: {id: t.string, shop: t.string, clerk: t.int, total: t.number.orNull(), rush: t.bool, at: t.time},
  time: 'at',
  id: 'id',
});
const shop = entity('shop', {shop: t.string});
const clerk = entity('clerk', {clerk: t.int});
const sales = featureView('sales', {
  from: orders,
  entity: shop,
  keys: {shop: 'shop'},
  features: a => ({n: a.count().over('1h', '7d'), best: a.max('total').over('1d'), where: a.last('shop').over('1h')}),
});
const filled = featureView('filled', {
  from: orders,
  entity: shop,
  keys: {shop: 'shop'},
  features: a => ({
    best: a.max('total').over('1d').orElse(-1),
    place: a.last('shop').orElse('nowhere').over('1d'),
  }),
});

const work = featureView('work', {
  from: orders,
  entity: clerk,
  keys: {clerk: 'clerk'},
  features: a => ({rushed: a.share(a.col.rush.and(true)).over('1h')}),
});

/** What the definition says is wrong, problem by problem. */
function problemsOf(define: () => unknown): string[] {
  try {
    define();
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'DEFINITION_INVALID')
      return error.problems.map(({path, message}) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

/** What a definition is written with where nothing checks types. */
type Untyped = ((...given: unknown[]) => Untyped) & {readonly [name: string]: Untyped};

const hint = (define: () => unknown): unknown => {
  try {
    define();
  } catch (error) {
    return error instanceof MillraceError ? `${error.code}: ${error.message} ${error.fix}` : error;
  }
  return undefined;
};

describe('definitions', () => {
  test('name one feature for each window, with the type of its aggregation', () => {
    expect(sales.features.map(({name, type, over}) => [name, type, over.kind === 'sliding' && over.ms])).toEqual([
      ['n_1h', 'int', 3_600_000],
      ['n_7d', 'int', 604_800_000],
      ['best_1d', 'number', 86_400_000],
      ['where_1h', 'string', 3_600_000],
    ]);
    const set = featureSet('atOrder', {
      request: {shop: t.string, total: t.number},
      views: [use(sales, {shop: 'shop'})],
      derive: x => ({share: x.total.over(x.best_1d), rich: x.total.gt(100), name: x.where_1h.orElse('none')}),
    });
    expect(set.features.slice(4)).toEqual([
      {name: 'share', type: 'number'},
      {name: 'rich', type: 'bool'},
      {name: 'name', type: 'string'},
    ]);
    expect(printExpression(set.derived[0]!.node)).toBe('total ÷ best_1d');
  });

  test('take a default instead of null, of the type of the feature', () => {
    expect(filled.features.map(f => [f.name, f.default])).toEqual([
      ['best_1d', -1],
      ['place_1d', 'nowhere'],
    ]);
    const best: number | undefined = filled.values?.best_1d;
    expect(best).toBeUndefined();
    const wrong = () =>
      featureView('v', {
        from: orders,
        entity: shop,
        keys: {shop: 'shop'},
        // @ts-expect-error a text for a number
        features: a => ({best: a.max('total').over('1d').orElse('none')}),
      });
    expect(hint(wrong)).toBe('DEFINITION_INVALID: The default "none" is no number. Give a number.');
    const lost = () =>
      featureView('v', {
        from: orders,
        entity: shop,
        keys: {shop: 'shop'},
        features: a => ({rate: a.ratio(a.sum('total').orElse(0), a.count()).over('1d')}),
      });
    expect(hint(lost)).toMatch(/^DEFINITION_INVALID: A default of a part of a ratio would be lost/);
  });

  test('are frozen data: the same text gives the same JSON', () => {
    const again = featureView('sales', {
      from: orders,
      entity: shop,
      keys: {shop: 'shop'},
      features: a => ({
        n: a.count().over('1h', '7d'),
        best: a.max('total').over('1d'),
        where: a.last('shop').over('1h'),
      }),
    });
    expect(canonicalJson(again)).toBe(canonicalJson(sales));
    expect([sales, sales.features, sales.features[0]].every(Object.isFrozen)).toBe(true);
  });

  test('of a view name everything that is wrong with it at once', () => {
    expect(
      problemsOf(() =>
        featureView('broken', {
          from: orders,
          entity: entity('pair', {shop: t.string, clerk: t.int}),
          // @ts-expect-error no such column, and one of another type
          keys: {shop: 'shopp', clerk: 'total'},
          features: a => ({n: a.count(), twice: a.count().over('1h', '1h')}),
        }),
      ),
    ).toEqual([
      "keys.shop: Key 'shop' of 'pair' is read from 'shopp', which is no column of 'orders'.",
      "keys.clerk: Key 'clerk' of 'pair' is a int, but 'total' of 'orders' is a number.",
      "features.n: 'n' has no window.",
      "features.twice: 'twice' names a window twice.",
    ]);
  });

  test('of a feature set name everything that is wrong with it at once', () => {
    expect(
      problemsOf(() =>
        featureSet('broken', {
          request: {shop: t.string, at: t.string, n_1h: t.int, clerk: t.string, _q: t.int},
          views: [use(sales, {shop: 'shop'}), use(sales, {shop: 'store'}), use(work, {clerk: 'clerk'})],
          derive: x => ({best_1d: x.shop}),
        }),
      ),
    ).toEqual([
      "request.at: The name 'at' is taken: it is the query time.",
      "request._q: Names that start with _ are the platform's own.",
      "views.sales.n_1h: The name 'n_1h' is taken.",
      "views.sales: Key 'shop' is read from 'store', which is no field of the request.",
      ...['n_1h', 'n_7d', 'best_1d', 'where_1h'].map(name => `views.sales.${name}: The name '${name}' is taken.`),
      "views.work: Key 'clerk' is a int, but the field 'clerk' of the request is a string.",
      "derive.best_1d: The name 'best_1d' is taken.",
    ]);
  });

  test('of an entity take no key that could be null or inexact', () => {
    // @ts-expect-error the error is the point
    expect(hint(() => entity('e', {k: t.string.orNull().value}))).toBeInstanceOf(TypeError);
    expect(hint(() => entity('e', {k: t.string.orNull()}))).toMatch(/^DEFINITION_INVALID: .*nullable string/);
    expect(hint(() => entity('e', {k: t.number}))).toMatch(/^DEFINITION_INVALID: .*'k' is a number.* Use t.string/);
  });

  test('take windows of whole milliseconds only', () => {
    const over = (window: string) => () =>
      featureView('v', {
        from: orders,
        entity: shop,
        keys: {shop: 'shop'},
        features: a => ({n: a.count().over(window as '1h')}),
      });
    for (const window of ['0h', '0.5ms', '-1h', '1w', 'soon', ''])
      expect(hint(over(window)), window).toMatch(/^DEFINITION_INVALID/);
    expect(over('1.5h')().features[0]!.over).toEqual({kind: 'sliding', ms: 5_400_000});
  });

  test('that misspell a name are told what it could have been, also where nothing checks types', () => {
    const view = (column: string) => () =>
      featureView('v', {
        from: orders,
        entity: shop,
        keys: {shop: 'shop'},
        features: a => ({n: a.sum(column as 'total').over('1h')}),
      });
    expect(hint(view('totl'))).toBe("NAME_UNKNOWN: There is no 'totl' here. Did you mean total?");
    const set = () =>
      featureSet('s', {
        request: {shop: t.string},
        views: [use(sales, {shop: 'shop'})],
        derive: x => ({d: (x as unknown as Record<string, (typeof x)['best_1d']>).bst_1d!.over(2)}),
      });
    expect(hint(set)).toBe("NAME_UNKNOWN: There is no 'bst_1d' here. Did you mean best_1d?");
  });

  test('say what is allowed where nothing checks types: aggregations, conditions, windows, vectors, keys', () => {
    const faces = events('faces', {schema: {id: t.string, at: t.time, face: t.vector(2)}, time: 'at', id: 'id'});
    const given = (features: (a: Untyped) => unknown, keys: object = {shop: 'id'}) =>
      hint(() => featureView('v', {from: faces, entity: shop, keys: keys as never, features: features as never}));
    const wrong: [(a: Untyped) => unknown, RegExp][] = [
      [a => ({n: a.cuont!().over!('1h')}), /no aggregation 'cuont'. Did you mean count\?/],
      [
        a => ({n: a.where!(a.col!.face_0!.gt!(1)).avg!('face_0').over!('1h')}),
        /no aggregation 'avg'. Use one of .*mean/,
      ],
      [a => ({n: a.where!(a.col!.face_0!).count!().over!('1h')}), /where\(\) takes a condition; face_0 is a number/],
      [a => ({n: a.share!('face_0').over!('1h')}), /share\(\) takes a condition; "face_0" is none/],
      [a => ({n: a.count!().over!(3_600)}), /3600 is no window.* tumbling\(\)/],
      [a => ({n: a.quantile!('face', 0.5).over!('1h')}), /'face' is a vector of 2 numbers.*'face_0' to 'face_1'/],
      [a => ({n: a.last!('face').over!('1h')}), /'face' is a vector of 2 numbers/],
    ];
    for (const [features, message] of wrong) expect(given(features)).toMatch(message);
    expect(given(a => ({n: a.mean!('face').over!('1h')}))).toBeUndefined();
    expect(given(a => ({n: a.count!().over!('1h')}), {shop: 'id', shopp: 'id'})).toMatch(/'shopp' is no key of 'shop'/);
  });
});

test('what does not fit does not compile', () => {
  // The compiler is what runs this test: an expected error that does not come is an error.
  expect(neverCompiles).toBeTypeOf('function');
});

function neverCompiles(): void {
  featureSet('s', {
    request: {shop: t.string, total: t.number},
    views: [use(sales, {shop: 'shop'})],
    derive: x => ({
      // @ts-expect-error a misspelt feature
      a: x.n_2h,
      // @ts-expect-error a number is no string
      b: x.n_1h.cross('x'),
      // @ts-expect-error compared with another type
      c: x.total.gt('many'),
      // @ts-expect-error the request has no such field
      d: x.clerk,
    }),
  });
  // @ts-expect-error a key is missing
  use(sales, {});
  // @ts-expect-error no duration
  use(sales, {shop: 'shop'}, {refresh: 'daily'});
  const refreshed = featureSet('s', {
    request: {shop: t.string},
    views: [use(sales, {shop: 'shop'}, {refresh: '1d', delay: '1h'})],
    // @ts-expect-error a misspelt feature of a view that is read as of cuts
    derive: x => ({a: x.n_2h}),
  });
  'n_1h' satisfies FeatureNames<typeof refreshed>;
  featureView('v', {
    from: orders,
    entity: shop,
    // @ts-expect-error a misspelt column
    keys: {shop: 'shopp'},
    features: a => ({n: a.count().over('1h')}),
  });
  featureView('v', {
    from: orders,
    entity: shop,
    // @ts-expect-error a column of another type
    keys: {shop: 'total'},
    features: a => ({n: a.count().over('1h')}),
  });
  featureView('v', {
    from: orders,
    entity: shop,
    // @ts-expect-error a key is missing
    keys: {},
    features: a => ({n: a.count().over('1h')}),
  });
  featureView('v', {
    from: orders,
    entity: shop,
    keys: {shop: 'shop'},
    features: a => ({
      // @ts-expect-error a sum of strings
      n: a.sum('shop').over('1h'),
    }),
  });
  featureView('v', {
    from: orders,
    entity: shop,
    keys: {shop: 'shop'},
    features: a => ({
      // @ts-expect-error no duration
      n: a.count().over('1 hour'),
    }),
  });
  const set = featureSet('s', {request: {shop: t.string}, views: [use(sales, {shop: 'shop'})]});
  const request: RequestOf<typeof set> = {shop: 'a'};
  // @ts-expect-error the fields of a request are typed
  request.shop satisfies number;
  // @ts-expect-error the names of features are known
  'n_2h' satisfies FeatureNames<typeof set>;
  'n_1h' satisfies FeatureNames<typeof set>;
}
