import {expect, test} from 'vitest';
import type {Alert} from '../../../protocol/index.ts';
import {AlertBook} from './alert-book.ts';

const alert = (id: string, openedAt: number, resolvedAt: number | null, windowId = 'w'): Alert => ({
  id,
  model: 'late',
  kind: 'drift',
  severity: 'ticket',
  subject: 'features',
  openedAt,
  resolvedAt,
  windowId,
  measured: 1,
  threshold: 0.1,
  title: '',
  message: '',
  action: null,
});

test('open are those that were not resolved, as they were last', () => {
  const book = new AlertBook([alert('a', 1, null), alert('b', 2, 3)]);
  expect(book.open.map(({id}) => id)).toEqual(['a']);
  book.adopt([alert('c', 4, null), {...alert('a', 1, null), action: 'retrain'}]);
  expect(book.open.map(({id, action}) => [id, action])).toEqual([
    ['c', null],
    ['a', 'retrain'],
  ]);
  book.adopt([alert('a', 1, 9)]);
  expect(book.open.map(({id}) => id)).toEqual(['c']);
});

test('a window is quiet if no alert was open in it, nor opened by it', () => {
  const book = new AlertBook([alert('a', 100, 200, 'w0'), alert('b', 500, null, 'w4')]);
  const quiet = (id: string, from: number, to: number) => book.wasQuiet({id, from, to});
  expect([quiet('w0', 0, 100), quiet('w1', 100, 200), quiet('w2', 200, 300), quiet('w3', 300, 400)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect([quiet('w4', 400, 500), quiet('w9', 900, 1_000)]).toEqual([false, false]);
});
