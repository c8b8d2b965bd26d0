import {randomBytes} from 'node:crypto';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {SCOPES, type Scope} from '../protocol/index.ts';
import {hashOf, makeToken, tokenText} from './key-token.ts';
import type {RateLimited} from './rate-limited.ts';
import {accessFixture, type Fixture, gateOf, NOW, outcome} from './testing/keys-on-disk.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await accessFixture();
});
afterEach(() => fixture.close());

const make = async (scopes: readonly Scope[], more: object = {}) =>
  (await fixture.keys.create({name: scopes.join(' '), scopes, ...more}, 'user ada')).token;

describe('the gate', () => {
  test('lets each scope do its own, and admin all', async () => {
    const tokens = await Promise.all(SCOPES.map(scope => make([scope])));
    const {gate} = await gateOf(fixture);
    for (const [i, scope] of SCOPES.entries())
      for (const wanted of SCOPES)
        expect(outcome(gate, tokens[i]!, [wanted]), `${scope} asks for ${wanted}`).toBe(
          scope === wanted || scope === 'admin' ? 'ok' : 'FORBIDDEN',
        );
    expect(outcome(gate, tokens[0]!, ['read', 'predict'])).toBe('ok');
  });

  test('knows nobody without a key, by a wrong one, or by an id with another secret', async () => {
    const token = await make(['predict']);
    const other = await make(['predict']);
    const {gate} = await gateOf(fixture);
    for (const wrong of [
      '',
      'hunter2',
      `${token}x`,
      `${token.slice(0, 21)}${other.slice(21)}`,
      tokenText(makeToken(randomBytes)),
    ])
      expect(outcome(gate, wrong), wrong).toBe('UNAUTHENTICATED');
    for (const authorization of [undefined, '', token, `Basic ${token}`, `Bearer${token}`])
      expect(() => gate.admit({authorization, scopes: ['predict'], model: undefined})).toThrow(
        expect.objectContaining({code: 'UNAUTHENTICATED'}),
      );
    expect(outcome(gate, ` ${token} `)).toBe('ok');
    expect(gate.admit({authorization: `bearer ${token}`, scopes: ['predict'], model: 'm'}).kind).toBe('key');
  });

  test('refuses keys that were revoked or have expired, and says which', async () => {
    const token = await make(['predict'], {expiresAt: NOW + 100});
    const {gate} = await gateOf(fixture);
    fixture.clock.advanceTo(NOW + 99);
    expect(outcome(gate, token)).toBe('ok');
    fixture.clock.advanceTo(NOW + 100);
    expect(outcome(gate, token)).toBe('UNAUTHENTICATED');
    const second = await make(['predict']);
    gate.use(await fixture.keys.kept());
    expect(outcome(gate, second)).toBe('ok');
    await fixture.keys.revoke(second.slice(4, 20));
    gate.use(await fixture.keys.kept());
    expect(() => gate.admit({authorization: `Bearer ${second}`, scopes: ['predict'], model: undefined})).toThrow(
      'revoked',
    );
  });

  test('keeps a key to its models', async () => {
    const token = await make(['predict', 'read'], {models: ['late']});
    const {gate} = await gateOf(fixture);
    expect(outcome(gate, token, ['predict'], 'late')).toBe('ok');
    expect(outcome(gate, token, ['predict'], 'lateness')).toBe('FORBIDDEN');
    expect(outcome(gate, token, ['read'], 'lateness')).toBe('FORBIDDEN');
    expect(outcome(gate, token, ['predict'])).toBe('FORBIDDEN');
    expect(outcome(gate, token, ['read'])).toBe('ok');
  });

  test('counts the rate of each key, its own or that of the server, and says when to come again', async () => {
    const own = await make(['predict'], {rate: {perSecond: 0.5, burst: 1}});
    const common = await make(['predict']);
    const {gate, hands} = await gateOf(fixture, {perSecond: 10, burst: 2});
    expect([1, 2, 3].map(() => outcome(gate, common))).toEqual(['ok', 'ok', 'RATE_LIMITED']);
    expect([1, 2].map(() => outcome(gate, own))).toEqual(['ok', 'RATE_LIMITED']);
    try {
      gate.admit({authorization: `Bearer ${own}`, scopes: ['predict'], model: undefined});
      expect.unreachable();
    } catch (error) {
      expect((error as RateLimited).retryAfterSeconds).toBe(2);
    }
    hands.ms = 100;
    // What is left of a rate survives that the keys are read again.
    gate.use(await fixture.keys.kept());
    expect([outcome(gate, common), outcome(gate, common)]).toEqual(['ok', 'RATE_LIMITED']);
    expect(outcome(gate, own)).toBe('RATE_LIMITED');
    expect(gate.admitAnyone('192.0.2.1')).toMatchObject({kind: 'open'});
    gate.admitAnyone('192.0.2.1');
    expect(() => gate.admitAnyone('192.0.2.1')).toThrow(expect.objectContaining({code: 'RATE_LIMITED'}));
  });

  test('tells which keys it has seen, which were used, and which it should ask about', async () => {
    const token = await make(['predict']);
    const {gate} = await gateOf(fixture);
    expect(gate.takeUsed()).toEqual([]);
    outcome(gate, token);
    expect(gate.takeUsed()).toEqual([token.slice(4, 20)]);
    expect(gate.takeUsed()).toEqual([]);
    const news = await make(['predict']);
    expect([token, news, 'nonsense'].map(t => gate.isNews(`Bearer ${t}`))).toEqual([false, true, false]);
    expect(gate.isNews(undefined)).toBe(false);
  });

  test('lets its own process in at any rate, with a key that is no key of the project', async () => {
    const {gate} = await gateOf(fixture, {perSecond: 1, burst: 1});
    const own = makeToken(randomBytes);
    gate.trust({
      id: own.id,
      name: 'this process',
      scopes: ['admin'],
      models: null,
      rate: null,
      createdAt: NOW,
      createdBy: 'this process',
      expiresAt: null,
      revokedAt: null,
      hash: hashOf(own.secret).toString('hex'),
    });
    gate.use([]);
    expect([1, 2, 3].map(() => outcome(gate, tokenText(own)))).toEqual(['ok', 'ok', 'ok']);
    expect([gate.size, gate.takeUsed().length, gate.isNews(`Bearer ${tokenText(own)}`)]).toEqual([0, 0, false]);
  });
});
