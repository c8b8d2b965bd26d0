import type {Problem} from '../../protocol/index.ts';
import type {ServiceObjective} from './objective.ts';

const NAME = /^[\w][\w .-]{0,79}$/;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOST = 90 * 24 * HOUR;
/** Each costs memory for every minute of its window. */
const MOST_OBJECTIVES = 20;

/** All that is wrong with the objectives of a model. */
export function objectiveProblems(slos: readonly ServiceObjective[]): Problem[] {
  const problems = slos.flatMap(({name, of, belowUs, target, windowMs}, i) => {
    const about = (field: string) => `slos[${i}].${field}`;
    const bounds: readonly (readonly [field: string, given: unknown, holds: boolean, fix: string])[] = [
      ['name', `'${name}'`, NAME.test(name), 'Give a short name of letters, digits, spaces, dots and dashes.'],
      [
        'name',
        `'${name}' again`,
        slos.findIndex(other => other.name === name) === i,
        'Give every objective a name of its own.',
      ],
      [
        'of',
        `'${of}'`,
        of === 'availability' || of === 'latency' || of === 'fallback',
        "Take 'availability', 'latency' or 'fallback'.",
      ],
      ['target', target, target >= 0.5 && target < 1, 'Give a share from 0.5 to below 1, such as 0.999.'],
      [
        'below',
        belowUs === null ? 'missing' : `${belowUs} µs`,
        (of === 'latency') === (belowUs !== null) && (belowUs === null || belowUs > 0),
        "Give a duration such as '50ms' where it is about latency, and only there.",
      ],
      [
        'over',
        `${windowMs} ms`,
        windowMs >= HOUR && windowMs <= MOST && windowMs % MINUTE === 0,
        "Give whole minutes from '1h' to '90d', such as '30d'.",
      ],
    ];
    return bounds
      .filter(([, , holds]) => !holds)
      .map(([field, given, , fix]) => ({path: about(field), message: `${about(field)} is ${given}.`, fix}));
  });
  if (slos.length > MOST_OBJECTIVES)
    problems.push({
      path: 'slos',
      message: `slos holds ${slos.length} objectives.`,
      fix: `Take at most ${MOST_OBJECTIVES}: those that somebody would be woken for.`,
    });
  return problems;
}
