import {expect, test} from 'vitest';
import {decodeJson, encodeJson, heldEvent, storedHeld} from './stored-view.ts';

test('an event that is held is the same after a restart, to the bit', () => {
  const inputs = Float64Array.of(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324);
  const event = {view: 'spend@1', key: 'ö', time: 5, arrival: 7, id: '', inputs};
  const back = heldEvent('spend@1', decodeJson(encodeJson(storedHeld(event))) as ReturnType<typeof storedHeld>);
  expect(back).toEqual(event);
  expect(Object.is(back.inputs[1], -0)).toBe(true);
});
