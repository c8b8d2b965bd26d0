import {describe, expect, test} from 'vitest';
import {EventPages} from './event-pages.ts';
import {encodePage, type PageContent} from './packed-page.ts';

/** A page that lies in a store, known by its directory as that of [time 1, time 3]. */
function pagesOver(content: PageContent): EventPages {
  const pages = new EventPages(2, {bytes: 0}, () => encodePage(content));
  pages.restore(0, 2, 1, 3, 2);
  return pages;
}

describe('a page in a store', () => {
  test('is read when it is asked for', () => {
    const pages = pagesOver({count: 2, data: Float64Array.of(1, 3, 10, 30), ids: ['a', 'b']});
    expect([...pages.dataOf(pages.list[0]!)]).toEqual([1, 3, 10, 30]);
    expect(pages.id(1)).toBe('b');
  });

  test.each([
    ['one more event', {count: 3, data: Float64Array.of(1, 2, 3, 10, 20, 30), ids: null}],
    ['another first event', {count: 2, data: Float64Array.of(2, 3, 20, 30), ids: null}],
    ['another last event', {count: 2, data: Float64Array.of(1, 2, 10, 20), ids: null}],
  ])('is refused when it has %s than what names it: a writer was faster', (_, content) => {
    const pages = pagesOver(content);
    expect(() => pages.dataOf(pages.list[0]!)).toThrow(expect.objectContaining({code: 'STORE_CORRUPT'}));
  });
});
