// What `millrace monitor suggest` prints for the couriers' model, and that it can be pasted.
import {writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {createJiti} from 'jiti';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {SuggestedChecks} from '../../src/app/index.ts';
import {monitorPolicy, type QualityCheckInput} from '../../src/monitoring/index.ts';
import {deployedCouriers} from './couriers.fixture.ts';

const ROOT = resolve(import.meta.dirname, '../..');
let at: Awaited<ReturnType<typeof deployedCouriers>>;
beforeAll(async () => {
  at = await deployedCouriers();
}, 60_000);
afterAll(() => at.remove());

const suggest = (...options: string[]) => at.run(['monitor', 'suggest'], options);

describe('millrace monitor suggest', () => {
  test('prints a module whose checks a policy takes', async () => {
    const {code, out, err} = await suggest('punctuality');
    expect({code, err}).toEqual({code: 0, err: ''});
    const file = join(at.folder, 'quality.ts');
    writeFileSync(file, out);
    const jiti = createJiti(import.meta.url, {alias: {millrace: join(ROOT, 'src/index.ts')}, interopDefault: false});
    const {quality} = await jiti.import<{quality: readonly QualityCheckInput[]}>(file);
    const {suggestions} = JSON.parse((await suggest('--json')).out) as SuggestedChecks;
    expect(monitorPolicy({quality}).quality).toEqual(suggestions.map(({check}) => check));
    expect(suggestions.length).toBeGreaterThan(8);
  });

  test('says what each check was learned from', async () => {
    const {out} = await suggest();
    expect(out).toMatch(/^\/\/ Learned from the [\d,]+ training rows of version 1 of 'punctuality'\.$/m);
    expect(out).toMatch(/^ {2}\/\/ [\d,]+ rows, never null\n {2}nullShare\('km', \{max: 0\.\d+\}\),$/m);
  });

  test('ends with 4 where there is no such version', async () => {
    const {code, err} = await suggest('--version', '7');
    expect(code).toBe(4);
    expect(err).toContain("'punctuality' has no version 7.");
  });

  test('has help with an example', async () => {
    const {code, out} = await suggest('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Example:\n {2}millrace monitor suggest/m);
  });
});
