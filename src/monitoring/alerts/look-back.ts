import type {Calendar} from '../windows/calendar.ts';
import {USUAL_WEEKS} from './usual-volume.ts';

/** Windows that rules look back on, but for the usual volume. */
export const RECENT = 40;
const WEEK = 7 * 86_400_000;

/** Windows before the one that is judged which `judgeAlerts` needs. */
export const lookBack = ({windowMs}: Pick<Calendar, 'windowMs'>): number =>
  RECENT + Math.ceil((USUAL_WEEKS * WEEK) / windowMs);
