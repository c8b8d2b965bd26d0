/** What the requests themselves say, without labels: too few, failing, slow. */

import type {MonitorWindow} from '../../protocol/index.ts';
import {moreThan} from '../quality/tallies/chance.ts';
import type {Reading} from './persistence.ts';
import {type AlertRule, persisted} from './rule.ts';
import {usualVolume} from './usual-volume.ts';
import {figure, percent, wholeNumber, windowWords} from './words.ts';

/** A ticket when a window has less than the allowed share of the usual predictions, beyond three Poisson standard errors. */
export const volumeRule: AlertRule = ({policy, windows, all}) => {
  const rule = policy.volume;
  const current = windows.at(-1)!;
  if (!rule) return null;
  const usual = usualVolume(all, current, policy);
  if (usual === null) return null;
  const read = (window: MonitorWindow): Reading => {
    const expected = (window === current ? usual : usualVolume(all, window, policy))?.predictions;
    if (expected === undefined || expected + window.predictions === 0) return 'nothing';
    const floor = rule.dropBelow * expected;
    if (floor - window.predictions > 3 * Math.sqrt(floor)) return 'bad';
    return window.predictions >= floor + policy.hysteresis * (expected - floor) ? 'good' : 'between';
  };
  const {state, often} = persisted(windows, rule.for, read);
  return {
    kind: 'volume',
    severity: 'ticket',
    subject: 'predictions',
    state,
    measured: current.predictions,
    threshold: rule.dropBelow * usual.predictions,
    title: `${percent(current.predictions / usual.predictions)} of the usual predictions`,
    message: `${wholeNumber(current.predictions)} predictions on ${windowWords(current, policy.zone)}, the usual number${usual.ofSeason ? ' at this time of the week' : ''} is ${wholeNumber(usual.predictions)}; below ${percent(rule.dropBelow)} of it is too few${often}.`,
  };
};

/** Fewer failures are somebody's typing error, whatever share of a quiet window they are. */
const LEAST_FAILURES = 3;

/**
 * Pages when the share of requests that could not be answered is above the limit, beyond chance (exact binomial tail, one
 * in a thousand): the contract with callers is broken. Where none may fail, one is enough.
 */
export const errorRule: AlertRule = ({policy, windows}) => {
  const rule = policy.errors;
  const current = windows.at(-1)!;
  const requests = current.errors + current.predictions;
  if (!rule || requests === 0) return null;
  const read = ({errors, predictions}: MonitorWindow): Reading => {
    if (errors + predictions === 0) return 'nothing';
    const all = errors + predictions;
    if (errors >= (rule.share === 0 ? 1 : LEAST_FAILURES) && moreThan(rule.share, errors, all)) return 'bad';
    return errors / all <= rule.share * (1 - policy.hysteresis) ? 'good' : 'between';
  };
  const {state, often} = persisted(windows, rule.for, read);
  const share = current.errors / requests;
  return {
    kind: 'data',
    severity: 'page',
    subject: 'requests',
    state,
    measured: share,
    threshold: rule.share,
    title: `${percent(share)} of requests fail`,
    message: `${wholeNumber(current.errors)} of ${wholeNumber(requests)} requests on ${windowWords(current, policy.zone)} could not be answered, ${percent(rule.share)} is the limit${often}.`,
  };
};

/** Of fewer predictions the slowest in a hundred is the slowest one, such as the first after a start. */
const LEAST_TIMED = 100;

export const latencyRule: AlertRule = ({policy, windows}) => {
  const rule = policy.latency;
  const current = windows.at(-1)!;
  if (!rule || current.latencyUs === null || current.predictions < LEAST_TIMED) return null;
  const {p50, p99} = current.latencyUs;
  const read = ({latencyUs, predictions}: MonitorWindow): Reading => {
    if (latencyUs === null || predictions < LEAST_TIMED) return 'nothing';
    if (latencyUs.p99 > rule.p99Us) return 'bad';
    return latencyUs.p99 <= rule.p99Us * (1 - policy.hysteresis) ? 'good' : 'between';
  };
  const {state, often} = persisted(windows, rule.for, read);
  return {
    kind: 'latency',
    severity: 'ticket',
    subject: 'p99',
    state,
    measured: p99,
    threshold: rule.p99Us,
    title: `One prediction in a hundred takes ${figure(p99)} µs or more`,
    message: `Latency p99 ${figure(p99)} µs (median ${figure(p50)} µs) on ${windowWords(current, policy.zone)}, ${figure(rule.p99Us)} µs is the limit${often}.`,
  };
};
