import type {RefreshedUse} from '../../cuts/stored-cuts.ts';
import {refreshOf} from '../../definitions/refresh.ts';
import {between, START} from '../history.ts';

const HOUR = 3_600_000;
export const CUT_USE: RefreshedUse = {view: between, refresh: refreshOf({refresh: '3h'})};
export const CUT_STEPS = Array.from({length: 12}, (_, i) => Math.ceil(START / HOUR) * HOUR + (6 + i * 6) * HOUR);
