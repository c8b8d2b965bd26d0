// What `millrace monitor simulate` expects of the couriers' policy, from the stores of a trained model.
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {AlertSimulation} from '../../src/app/index.ts';
import {deployedCouriers} from './couriers.fixture.ts';

let at: Awaited<ReturnType<typeof deployedCouriers>>;
beforeAll(async () => {
  at = await deployedCouriers();
}, 60_000);
afterAll(() => at.remove());

const simulate = (...options: string[]) => at.run(['monitor', 'simulate'], options);

describe('millrace monitor simulate', () => {
  test('draws clean windows where none were monitored, and expects hardly an alert of them', async () => {
    const {code, out, err} = await simulate('punctuality', '--rows', '300', '--windows', '60');
    expect({code, err}).toEqual({code: 0, err: ''});
    expect(out).toContain(
      '60 windows of 300 rows of the test split, drawn anew: every alert is a false one. Fewer than 8 windows were monitored.',
    );
    expect(out).toMatch(/^ {2}page {4}all +\d+ +\d\.\d\d +0\.00 to \d\.\d\d$/m);
  });

  test('finds thresholds that keep to a budget', async () => {
    const {out} = await simulate('--json', '--clean', '--rows', '300', '--windows', '60', '--pages-per-month', '1');
    const {source, replay, solved} = JSON.parse(out) as AlertSimulation;
    expect([source, replay.windows, solved!.kept]).toEqual(['clean', 60, true]);
  });

  test('refuses what is no budget', async () => {
    expect(await simulate('--tickets-per-week', '-1')).toMatchObject({code: 2, out: ''});
  });
});
