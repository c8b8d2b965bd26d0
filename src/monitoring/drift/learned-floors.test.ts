import {expect, test} from 'vitest';
import {windowWith} from '../testing/windows.ts';
import {learnedFloors} from './learned-floors.ts';

const days = (count: number, effectOn: (day: number) => number) =>
  Array.from({length: count}, (_, day) => windowWith({day, effects: {late_2h: effectOn(day)}, predictionEffect: 0.01}));

test('a feature that moves every week may move so much, and a quarter more', () => {
  const floors = learnedFloors(days(35, day => (day % 7 === 0 ? 0.2 : 0.01)));
  expect(floors.get('late_2h')).toBeCloseTo(0.25, 12);
  expect(floors.get('prediction')).toBeCloseTo(0.0125, 12);
});

test('nothing is learned from fewer than thirty windows, or from windows that could not tell', () => {
  expect(learnedFloors(days(29, () => 0.2)).size).toBe(0);
  const small = Array.from({length: 40}, (_, day) => windowWith({day, predictions: 100}));
  expect(learnedFloors(small).size).toBe(0);
});
