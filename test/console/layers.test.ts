import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {place} from '../../console/src/charts/layered-places.ts';
import {depthsOf, layersOf, relatedTo} from '../../console/src/charts/layers.ts';
import {filterIn, withFilter} from '../../console/src/pages/features/query-text.ts';

const edge = (text: string) => {
  const [from = '', to = ''] = text.split('→');
  return {from, to};
};
const edges = ['a→e', 'e→f', 'k→f', 'f→s', 's→m', 's→n'].map(edge);
const ids = [...'aekfsmn'];

describe('a layered graph', () => {
  it('puts each node right of all that lead to it, whatever the graph', () => {
    const graph = fc
      .integer({min: 1, max: 12})
      .chain(n => fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), {maxLength: 20}).map(pairs => ({n, pairs})));
    fc.assert(
      fc.property(graph, ({n, pairs}) => {
        const all = Array.from({length: n}, (_, i) => `n${i}`);
        const drawn = pairs.filter(([a, b]) => a < b).map(([a, b]) => ({from: `n${a}`, to: `n${b}`}));
        const {boxes, paths} = place(all, drawn, {focus: 'n0', open: new Set([...all.keys()]), width: 1_000});
        for (const {from, to} of drawn) {
          expect(boxes.get(to)!.x).toBeGreaterThanOrEqual(boxes.get(from)!.x + boxes.get(from)!.width);
          expect(paths.get(`${from}→${to}`)).toMatch(/^M/);
        }
        const drawnBoxes = [...boxes.values()];
        for (const [i, a] of drawnBoxes.entries())
          for (const b of drawnBoxes.slice(i + 1))
            expect(a.x !== b.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
      }),
      {seed: 7, numRuns: 100},
    );
  });

  it('gives an edge over several layers a place in each', () => {
    const {layers, passes} = layersOf(ids, edges, depthsOf(ids, edges));
    expect(layers.map(layer => [...layer].sort())).toEqual([['a', 'k'], ['e', 'k→f 0'], ['f'], ['s'], ['m', 'n']]);
    expect(passes.get('k→f')).toEqual(['k→f 0']);
    expect(passes.get('a→e')).toEqual([]);
  });

  it('relates a node to what leads to it and what comes of it, not to its neighbours', () => {
    expect([...relatedTo('f', edges)].sort()).toEqual(['a', 'e', 'f', 'k', 'm', 'n', 's']);
    expect([...relatedTo('m', edges)].sort()).toEqual(['a', 'e', 'f', 'k', 'm', 's']);
  });

  it('hides most of a long layer behind a button, never the node that it is about', () => {
    const many = Array.from({length: 30}, (_, i) => `m${i}`);
    const from = many.map(to => ({from: 's', to}));
    const {layers, more} = place(['s', ...many], from, {focus: 'm29', open: new Set(), width: 1_000});
    expect(layers[1]).toHaveLength(4);
    expect(layers[1]).toContain('m29');
    expect(more.get(1)?.count).toBe(26);
    const all = place(['s', ...many], from, {focus: 'm29', open: new Set([1]), width: 1_000});
    expect([all.layers[1]?.length, all.more.size]).toEqual([30, 0]);
  });
});

describe('the text of a search', () => {
  it('gets, changes and loses a filter, and keeps its words', () => {
    expect(filterIn('late owner:"data team" x', 'owner')).toBe('data team');
    expect(filterIn('late owner:me', 'tag')).toBeNull();
    expect(withFilter('late owner:"data team" x', 'owner', 'me')).toBe('late x owner:me');
    expect(withFilter('late', 'owner', 'data team')).toBe('late owner:"data team"');
    expect(withFilter('late owner:me', 'owner', null)).toBe('late');
  });
});
