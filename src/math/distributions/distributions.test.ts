import {expect, test} from 'vitest';
import {betaLower} from './beta.ts';
import {chiSquareSurvival} from './chi-square.ts';
import {andersonDarlingSurvival, cramerVonMisesSurvival} from './chi-square-series.ts';
import {gammaUpper, logGamma} from './gamma.ts';
import {kolmogorovSurvival} from './kolmogorov.ts';
import {kolmogorovFiniteSurvival} from './kolmogorov-finite.ts';
import {normalCdf, normalQuantile} from './normal.ts';
import {studentTCdf, studentTQuantile} from './student-t.ts';

// All golden values: scipy 1.17.1, the function named in the title.
function expectNear(actual: number, golden: number, relative = 1e-12): void {
  expect(Math.abs(actual - golden), `${actual} against ${golden}`).toBeLessThanOrEqual(relative * Math.abs(golden));
}

test('logGamma equals scipy.special.gammaln', () => {
  expectNear(logGamma(0.001), 6.907178885383853);
  expectNear(logGamma(0.5), 0.5723649429247);
  expect(Math.abs(logGamma(1))).toBeLessThan(1e-14);
  expectNear(logGamma(2.5), 0.2846828704729192);
  expectNear(logGamma(9.99), 12.779315214350195);
  expectNear(logGamma(10), 12.801827480081469);
  expectNear(logGamma(123.4), 469.3360974421906);
  expectNear(logGamma(1e6), 12815504.569147611);
});

test('gammaUpper equals scipy.special.gammaincc', () => {
  expectNear(gammaUpper(0.5, 0.1), 0.6547208460185768);
  expectNear(gammaUpper(0.5, 40), 3.744097384202887e-19);
  expectNear(gammaUpper(3, 2.5), 0.5438131158833297);
  expectNear(gammaUpper(10, 30), 7.121750862815593e-6);
  expectNear(gammaUpper(200, 180), 0.9251419650158405);
  expectNear(gammaUpper(5000, 5100), 0.07932888107761896);
  expectNear(gammaUpper(1e6, 1001000), 0.15865521363165971, 1e-10);
});

test('betaLower equals scipy.special.betainc', () => {
  expectNear(betaLower(0.5, 0.5, 0.2), 0.2951672353008665);
  expectNear(betaLower(2, 3, 0.7), 0.9163);
  expectNear(betaLower(30, 0.5, 0.99), 0.43933436890525074);
  expectNear(betaLower(500, 400, 0.5), 0.00042141729028101726);
  expectNear(betaLower(5e5, 0.5, 0.999995), 0.025347172227059213, 1e-10);
});

test('normalCdf equals scipy.stats.norm.cdf', () => {
  expectNear(normalCdf(-10), 7.61985302416047e-24);
  expectNear(normalCdf(-3), 0.0013498980316300933);
  expectNear(normalCdf(-1.96), 0.024997895148220435);
  expectNear(normalCdf(-0.1), 0.460172162722971);
  expect(normalCdf(0)).toBe(0.5);
  expectNear(normalCdf(0.5), 0.6914624612740131);
  expectNear(normalCdf(5), 0.9999997133484281);
  expect(normalCdf(-Infinity)).toBe(0);
  expect(normalCdf(Infinity)).toBe(1);
});

test('normalQuantile equals scipy.stats.norm.ppf', () => {
  expectNear(normalQuantile(1e-300), -37.0470962993612);
  expectNear(normalQuantile(1e-10), -6.361340902404056);
  expectNear(normalQuantile(0.001), -3.090232306167813);
  expectNear(normalQuantile(0.025), -1.9599639845400545);
  expectNear(normalQuantile(0.2), -0.8416212335729142);
  expect(normalQuantile(0.5)).toBe(0);
  expectNear(normalQuantile(0.9999), 3.719016485455709);
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
  expect(normalQuantile(1.1)).toBeNaN();
});

test('chiSquareSurvival equals scipy.stats.chi2.sf', () => {
  expectNear(chiSquareSurvival(0.5, 1), 0.47950012218695337);
  expectNear(chiSquareSurvival(3.841458820694124, 1), 0.04999999999999989);
  expectNear(chiSquareSurvival(25, 9), 0.002971180485917624);
  expectNear(chiSquareSurvival(300, 10), 1.5546747543803087e-58);
  expectNear(chiSquareSurvival(1050, 1000), 0.13247405682147703);
  expect(chiSquareSurvival(0, 3)).toBe(1);
});

test('studentTCdf equals scipy.stats.t.cdf', () => {
  expectNear(studentTCdf(-2, 3), 0.06966298427942152);
  expectNear(studentTCdf(0.5, 1), 0.6475836176504333);
  expectNear(studentTCdf(2.5, 7.3), 0.9801748826671998);
  expectNear(studentTCdf(-12, 40), 3.91208565212799e-15);
  expectNear(studentTCdf(1.96, 1e6), 0.9750019662073651, 1e-10);
  expectNear(studentTCdf(-5, 12.5), 0.0001367165536314488);
  expect(studentTCdf(Infinity, 5)).toBe(1);
});

test('studentTQuantile equals scipy.stats.t.ppf', () => {
  expectNear(studentTQuantile(0.975, 1), 12.706204736174694);
  expectNear(studentTQuantile(0.975, 7.3), 2.345066736547703);
  expectNear(studentTQuantile(0.05, 30), -1.6972608865939574);
  expectNear(studentTQuantile(0.9999, 2), 70.70007107496818, 1e-10);
  expectNear(studentTQuantile(0.975, 1e6), 1.959966356814107, 1e-10);
});

test('kolmogorovSurvival equals scipy.special.kolmogorov on both of its series', () => {
  expect(kolmogorovSurvival(0.02)).toBe(1);
  expectNear(kolmogorovSurvival(0.3), 0.9999906941986655);
  expectNear(kolmogorovSurvival(0.5), 0.9639452436648751);
  expectNear(kolmogorovSurvival(0.9999), 0.2701068819688554);
  expectNear(kolmogorovSurvival(1), 0.26999967167735456);
  expectNear(kolmogorovSurvival(2), 0.0006709252557796953);
  expectNear(kolmogorovSurvival(5), 3.8574996959278356e-22);
});

test('kolmogorovFiniteSurvival equals scipy.stats.kstwo.sf in each of its regions', () => {
  expectNear(kolmogorovFiniteSurvival(1, 0.7), 0.6000000000000001, 1e-10);
  expectNear(kolmogorovFiniteSurvival(10, 0.1), 0.99963712, 1e-10);
  expectNear(kolmogorovFiniteSurvival(10, 0.3), 0.27053557479999946, 1e-10);
  expectNear(kolmogorovFiniteSurvival(10, 0.9), 1.9999999999999957e-10, 1e-10);
  expectNear(kolmogorovFiniteSurvival(140, 0.05), 0.8576480297656114, 1e-10);
  expectNear(kolmogorovFiniteSurvival(140, 0.16), 0.0013440163244194184, 1e-10);
  expectNear(kolmogorovFiniteSurvival(140, 0.3), 1.1370251710737309e-11, 1e-10);
  expectNear(kolmogorovFiniteSurvival(141, 0.03), 0.9992107601012719, 1e-10);
  expectNear(kolmogorovFiniteSurvival(500, 0.03), 0.7473166700457021, 1e-10);
  expectNear(kolmogorovFiniteSurvival(500, 0.1), 8.342293067263533e-5, 1e-10);
  expectNear(kolmogorovFiniteSurvival(5000, 0.01), 0.6954557253913853, 1e-10);
  expectNear(kolmogorovFiniteSurvival(5000, 0.03), 0.00024159234422666817, 1e-10);
  expectNear(kolmogorovFiniteSurvival(500000, 0.0025), 0.0038544560212235442, 1e-10);
  expectNear(kolmogorovFiniteSurvival(500000, 0.01), 7.374635645083527e-44, 1e-10);
  expect(kolmogorovFiniteSurvival(10, 0.05)).toBe(1);
  expect(kolmogorovFiniteSurvival(10, 1)).toBe(0);
});

test('kolmogorovFiniteSurvival tends to the limit law', () => {
  for (const x of [0.4, 0.8, 1.3, 2, 4])
    expectNear(kolmogorovFiniteSurvival(1e12, x / 1e6), kolmogorovSurvival(x), 1e-5);
});

test('cramerVonMisesSurvival is one less the limit distribution of scipy.stats.cramervonmises', () => {
  expectNear(cramerVonMisesSurvival(0.01), 0.9999941355671901, 1e-10);
  expectNear(cramerVonMisesSurvival(0.05), 0.876280931041351, 1e-10);
  expectNear(cramerVonMisesSurvival(0.1), 0.5848734384067971, 1e-10);
  expectNear(cramerVonMisesSurvival(0.2), 0.2674704305407771, 1e-10);
  expectNear(cramerVonMisesSurvival(0.46136), 0.05000038313265287, 1e-10);
  expectNear(cramerVonMisesSurvival(0.74346), 0.009999961915457156, 1e-10);
});

test('andersonDarlingSurvival has the percentage points of the limit of the Anderson-Darling statistic', () => {
  // Stephens, "EDF statistics for goodness of fit and some comparisons" (1974), case 0: of three digits
  const points = [
    [1.933, 0.1],
    [2.492, 0.05],
    [3.07, 0.025],
    [3.857, 0.01],
  ] as const;
  for (const [x, p] of points) expectNear(andersonDarlingSurvival(x), p, 0.025);
  expect(andersonDarlingSurvival(0)).toBe(1);
  // The largest of its chi-squares, X / 2, leads the tail: P(X > 2x) falls as e^-x / √x.
  expectNear(andersonDarlingSurvival(60) / andersonDarlingSurvival(50), Math.exp(-10) * Math.sqrt(50 / 60), 0.01);
});
