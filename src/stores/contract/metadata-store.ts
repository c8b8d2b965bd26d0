/** The promises every metadata store keeps, whatever is underneath. */
import {describe, expect} from 'vitest';
import type {JsonValue} from '../../protocol/index.ts';
import type {MetadataStore, MetadataWrite} from '../metadata-store.ts';
import {type ContractOptions, promises} from './promises.ts';

const write = (id: string, at: number, value: JsonValue = {}, kind = 'run'): MetadataWrite => ({kind, id, at, value});

async function idsOf(store: MetadataStore, ...query: Parameters<MetadataStore['list']>): Promise<string[]> {
  return (await store.list(...query)).map(({id}) => id);
}

export function describeMetadataStore(adapter: string, options: ContractOptions<MetadataStore>): void {
  describe(`metadata store: ${adapter}`, () => {
    const {promise, end} = promises(options, store => store.close());

    promise('has no records at first', async store => {
      expect(await store.get('run', 'a')).toBeUndefined();
      expect(await store.list('run')).toEqual([]);
    });

    promise('gives back a record as it was written', async store => {
      expect(await store.write([write('a', 1.5, {x: 1})])).toEqual([1]);
      expect(await store.get('run', 'a')).toEqual({kind: 'run', id: 'a', revision: 1, at: 1.5, value: {x: 1}});
    });

    promise('counts revisions, and keeps the last value and time', async store => {
      await store.write([write('a', 1, 'one')]);
      expect(await store.write([write('a', 3, 'two'), write('b', 2, 'b'), write('a', 2, 'three')])).toEqual([2, 1, 3]);
      expect(await store.get('run', 'a')).toEqual({kind: 'run', id: 'a', revision: 3, at: 2, value: 'three'});
    });

    promise('keeps any JSON value', async store => {
      const values: JsonValue[] = [
        null,
        false,
        0,
        '',
        'text with \u0000, \ud83d\udeeb and "quotes"',
        [],
        {},
        [1, [2, {deep: null}]],
        {Αθήνα: {'': 0.1, __proto__2: 1e300}},
        Number.MAX_SAFE_INTEGER,
        'x'.repeat(200_000),
      ];
      await store.write(values.map((value, i) => write(`${i}`, i, value)));
      expect((await store.list('run')).map(({value}) => value)).toEqual(values);
    });

    promise('keeps its own copy of a value', async store => {
      const value = {x: 1};
      await store.write([write('a', 1, value)]);
      value.x = 2;
      const record = await store.get('run', 'a');
      (record!.value as {x: number}).x = 3;
      expect((await store.get('run', 'a'))!.value).toEqual({x: 1});
    });

    promise('keeps kinds apart', async store => {
      await store.write([write('a', 1, 'run'), write('a', 1, 'model', 'model')]);
      expect((await store.get('model', 'a'))!.value).toBe('model');
      expect((await store.list('run')).map(({value}) => value)).toEqual(['run']);
      expect(await store.list('ru')).toEqual([]);
    });

    promise('lists by time, then by the bytes of the id, either way', async store => {
      await store.write([
        write('b', 2),
        write('é', 1),
        write('z', 1),
        write('a', 1),
        write('🛫', 1),
        write('\uffee', 1),
        write('c', -5),
      ]);
      const oldest = ['c', 'a', 'z', 'é', '\uffee', '🛫', 'b'];
      expect(await idsOf(store, 'run')).toEqual(oldest);
      expect(await idsOf(store, 'run', {order: 'newest'})).toEqual(oldest.toReversed());
    });

    promise('lists records between two times, the second excluded', async store => {
      await store.write([1, 2, 3, 4].map(at => write(`${at}`, at)));
      expect(await idsOf(store, 'run', {from: 2, to: 4})).toEqual(['2', '3']);
      expect(await idsOf(store, 'run', {from: 3})).toEqual(['3', '4']);
      expect(await idsOf(store, 'run', {to: 2})).toEqual(['1']);
      expect(await idsOf(store, 'run', {from: 4, to: 1})).toEqual([]);
      expect(await idsOf(store, 'run', {from: 2, order: 'newest', limit: 2})).toEqual(['4', '3']);
    });

    promise('lists a thousand records unless told otherwise', async store => {
      await store.write(Array.from({length: 1_500}, (_, i) => write(`${i}`, i)));
      expect(await idsOf(store, 'run')).toEqual(Array.from({length: 1_000}, (_, i) => `${i}`));
      expect(await idsOf(store, 'run', {limit: 2_000})).toHaveLength(1_500);
      expect(await idsOf(store, 'run', {limit: 3, order: 'newest'})).toEqual(['1499', '1498', '1497']);
      expect(await idsOf(store, 'run', {limit: 0})).toEqual([]);
    });

    promise('lists the ids that start with a prefix, taken literally', async store => {
      const ids = ['a', 'a/1', 'a/2', 'a0', 'a%', 'a_', 'A/1', 'b/1', 'a/\u{10ffff}', 'a/\u{10ffff}x', 'a/é'];
      await store.write(ids.map((id, i) => write(id, 100 - i)));
      for (const idPrefix of ['a/', 'a', 'a%', 'a_', 'A', 'zz', 'a/\u{10ffff}']) {
        const expected = ids.filter(id => id.startsWith(idPrefix)).reverse();
        expect(await idsOf(store, 'run', {idPrefix})).toEqual(expected);
        expect(await idsOf(store, 'run', {idPrefix, order: 'newest'})).toEqual(expected.toReversed());
      }
      expect(await idsOf(store, 'run', {idPrefix: 'a', from: 98, to: 100, limit: 1})).toEqual(['a/2']);
    });

    promise('moves a record in lists when its time changes', async store => {
      await store.write([write('a', 1), write('b', 2)]);
      await store.write([write('a', 3)]);
      expect(await idsOf(store, 'run')).toEqual(['b', 'a']);
    });

    promise('writes only over the expected revision', async store => {
      const create = {...write('a', 1, 'first'), expected: 0};
      expect(await store.write([create])).toEqual([1]);
      const conflict = {code: 'STORE_CONFLICT'};
      await expect(store.write([create])).rejects.toMatchObject(conflict);
      await expect(store.write([{...write('a', 1, 'x'), expected: 2}])).rejects.toMatchObject(conflict);
      await expect(store.write([{...write('new', 1, 'x'), expected: 1}])).rejects.toMatchObject(conflict);
      expect(await store.write([{...write('a', 1, 'second'), expected: 1}])).toEqual([2]);
      expect((await store.get('run', 'a'))!.value).toBe('second');
    });

    promise('writes all or nothing', async store => {
      await store.write([write('a', 1, 'before')]);
      const writes = [write('a', 2, 'after'), write('b', 2), {...write('c', 2), expected: 7}];
      await expect(store.write(writes)).rejects.toMatchObject({code: 'STORE_CONFLICT'});
      expect(await store.get('run', 'a')).toMatchObject({revision: 1, value: 'before'});
      expect(await idsOf(store, 'run')).toEqual(['a']);
      expect(await store.write([write('b', 1)])).toEqual([1]);
    });

    promise('lets one of many simultaneous changes win', async store => {
      await store.write([write('a', 1, 0)]);
      const tries = await Promise.allSettled(
        Array.from({length: 20}, (_, i) => store.write([{...write('a', 1, i), expected: 1}])),
      );
      expect(tries.filter(({status}) => status === 'fulfilled')).toHaveLength(1);
    });

    promise('removes what is older than a time, of one kind, for good', async (store, open) => {
      await store.write([...[1, 2, 3].map(at => write(`${at}`, at)), write('old', 1, 'kept', 'model')]);
      expect(await store.remove('run', {before: 3, limit: 1})).toBe(1);
      expect(await idsOf(store, 'run')).toEqual(['2', '3']);
      expect(await store.remove('run', {before: 3})).toBe(1);
      expect(await store.remove('run', {before: 3})).toBe(0);
      expect(await store.get('run', '1')).toBeUndefined();
      expect(await store.write([{...write('1', 5), expected: 0}])).toEqual([1]);
      await store.close();
      const again = await open();
      expect(await idsOf(again, 'run')).toEqual(['3', '1']);
      expect(await idsOf(again, 'model')).toEqual(['old']);
    });

    promise('takes an empty write', async store => {
      expect(await store.write([])).toEqual([]);
    });

    promise('refuses names and times it cannot keep, and then writes nothing', async store => {
      for (const bad of [
        write('', 1),
        write('a\u0000b', 1),
        write('a', 1, 1, ''),
        write('a', Number.NaN),
        write('a', Infinity),
      ])
        await expect(store.write([write('good', 1), bad])).rejects.toMatchObject({code: 'REQUEST_INVALID'});
      expect(await store.list('run')).toEqual([]);
    });

    promise('refuses everything but close once closed', async store => {
      await store.close();
      await store.close();
      const closed = {code: 'STORE_CLOSED'};
      await expect(store.get('run', 'a')).rejects.toMatchObject(closed);
      await expect(store.list('run')).rejects.toMatchObject(closed);
      await expect(store.write([write('a', 1)])).rejects.toMatchObject(closed);
      await expect(store.remove('run', {before: 1})).rejects.toMatchObject(closed);
    });

    promise('survives reopening', async (store, open) => {
      await store.write([write('a', 1, 'x')]);
      await store.close();
      const again = await open();
      expect(await again.get('run', 'a')).toEqual({kind: 'run', id: 'a', revision: 1, at: 1, value: 'x'});
      expect(await again.write([write('a', 2, 'y')])).toEqual([2]);
    });

    promise('shows what another opening of it wrote', async (store, open) => {
      const other = await open();
      await store.write([write('a', 1, 'x')]);
      expect((await other.get('run', 'a'))!.value).toBe('x');
      expect(await other.write([{...write('a', 2, 'y'), expected: 1}])).toEqual([2]);
      expect((await store.get('run', 'a'))!.value).toBe('y');
    });

    end();
  });
}
