import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {effectColour, effectDomain} from '../../console/src/charts/effect-scale.ts';
import {readable} from '../../console/src/pages/features/readable.ts';

describe('an effect with its interval', () => {
  it('decides by where the whole interval lies, and not while it has no limits', () => {
    const colour = (low: number | null, high: number | null) =>
      effectColour({difference: 0.001, low, high, margin: 0.002});
    expect(colour(-0.001, 0.0019)).toBe('var(--good)');
    expect(colour(0.0021, 0.004)).toBe('var(--bad)');
    expect(colour(-0.001, 0.002)).toBe('var(--watch)');
    expect(colour(null, null)).toBe('var(--watch)');
  });

  it('is drawn with zero, the margin and every interval inside the picture', () => {
    const effect = fc.record({
      difference: fc.double({min: -1, max: 1, noNaN: true}),
      margin: fc.double({min: 0, max: 1, noNaN: true}),
      width: fc.option(fc.double({min: 0, max: 1, noNaN: true})),
    });
    fc.assert(
      fc.property(fc.array(effect, {maxLength: 5}), drawn => {
        const effects = drawn.map(({difference, margin, width}) => ({
          difference,
          margin,
          low: width === null ? null : difference - width,
          high: width === null ? null : difference + width,
        }));
        const [low, high] = effectDomain(effects);
        const points = effects.flatMap(one => [one.difference, one.margin, one.low ?? 0, one.high ?? 0]);
        for (const point of [0, ...points]) expect(point > low && point < high).toBe(true);
      }),
    );
  });
});

describe('definitions', () => {
  it('lose the second of two pairs of parentheses round the same thing, and no other', () => {
    expect(readable('mean((delay > 15)) over 2h')).toBe('mean(delay > 15) over 2h');
    expect(readable('mean((a + b) * c) over 1h')).toBe('mean((a + b) * c) over 1h');
    expect(readable('max(((a + b) * 2))')).toBe('max(((a + b) * 2))');
  });
});
