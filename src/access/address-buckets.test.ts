import {describe, expect, test} from 'vitest';
import {AddressBuckets, clientOf} from './address-buckets.ts';

describe('buckets by address', () => {
  test('each client has its own', () => {
    const buckets = new AddressBuckets({perSecond: 1, burst: 2}, 10);
    expect([1, 2, 3].map(() => buckets.take('192.0.2.1', 0))).toEqual([0, 0, 1_000]);
    expect(buckets.take('192.0.2.2', 0)).toBe(0);
  });

  test('are never more than allowed, however many addresses come', () => {
    const buckets = new AddressBuckets({perSecond: 1, burst: 2}, 100);
    for (let i = 0; i < 5_000; i++) buckets.take(`198.51.${i >> 8}.${i & 255}`, i / 100);
    expect(buckets.size).toBe(100);
  });

  test('forget the idle first, so that whoever used up its tokens stays limited', () => {
    const buckets = new AddressBuckets({perSecond: 1, burst: 2}, 3);
    buckets.take('192.0.2.1', 0);
    buckets.take('192.0.2.1', 0);
    buckets.take('192.0.2.2', 0);
    buckets.take('192.0.2.3', 1_500);
    // The second is full again by now; the first is not.
    buckets.take('192.0.2.4', 1_500);
    expect(buckets.take('192.0.2.1', 1_500)).toBe(0);
    expect(buckets.take('192.0.2.1', 1_500)).toBe(500);
    expect(buckets.size).toBe(3);
  });

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s is the client %s', (address, client) => expect(clientOf(address)).toBe(client));
});
