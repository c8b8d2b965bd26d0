// The features that one aggregate of a view yields, and how they differ from what they were.
import type {Measure, WindowFeature} from '../../features/index.ts';
import type {DefinitionChange} from '../../protocol/index.ts';
import {aggregationWord, change, expressionText, measureText, parametersText, same} from './change.ts';
import type {StoredView} from './stored-view.ts';

type Answer = Omit<WindowFeature, 'name' | 'window' | 'over' | 'about'>;

/** The features that one aggregate of a view yields: `late` over 1h and 24h. */
export type FeatureGroup = {
  readonly name: string;
  readonly windows: ReadonlyMap<string, WindowFeature['over']>;
  /** What is aggregated: the same in each window. */
  readonly answers: readonly Answer[];
};

type FeatureGroupBuilder = {name: string; windows: Map<string, WindowFeature['over']>; answers: Answer[]};

/** The groups of a view by name. */
export function groupsOf({features}: StoredView): Map<string, FeatureGroup> {
  const groups = new Map<string, FeatureGroupBuilder>();
  for (const {name: full, window, over, about: _, ...answer} of features) {
    const name = full.slice(0, full.length - `_${window}${answer.suffix}`.length);
    const group: FeatureGroupBuilder = groups.get(name) ?? {name, windows: new Map(), answers: []};
    groups.set(name, group);
    group.windows.set(window, over);
    if (group.windows.size === 1) group.answers.push(answer);
  }
  return groups;
}

/** What it is but for its name. */
export const contentOf = ({windows, answers}: FeatureGroup) => [[...windows], answers];

/** `share(delay > 10) over 1h, 6h`. */
export const textOf = ({windows, answers: [first]}: FeatureGroup): string =>
  `${measureText(first!)}${first!.divisor ? ` ÷ ${measureText(first!.divisor)}` : ''} over ${[...windows.keys()].join(', ')}`;

/** How a group differs from the one that had its name before. */
export function diffGroups(before: FeatureGroup, after: FeatureGroup): DefinitionChange[] {
  const {name} = after;
  const changes: DefinitionChange[] = [];
  for (const [window, spec] of after.windows)
    if (!before.windows.has(window))
      changes.push(change('window', name, `window ${window} added to ${name}`, null, window));
    else if (!same(before.windows.get(window), spec))
      changes.push(
        change('window', name, `window ${window} of ${name} reaches otherwise`, before.windows.get(window)!, spec),
      );
  for (const window of before.windows.keys())
    if (!after.windows.has(window))
      changes.push(change('window', name, `window ${window} removed from ${name}`, window, null));
  if (same(before.answers, after.answers)) return changes;
  const [a, b] = [before.answers[0]!, after.answers[0]!];
  const told = measureChanges(name, a, b);
  if (!same(a.divisor, b.divisor)) {
    if (a.divisor && b.divisor) told.push(...measureChanges(`divisor of ${name}`, a.divisor, b.divisor));
    else if (b.divisor)
      told.push(
        change('aggregation', name, `${name} is divided by ${measureText(b.divisor)}`, null, measureText(b.divisor)),
      );
    else
      told.push(change('aggregation', name, `${name} is divided by nothing any more`, measureText(a.divisor!), null));
  }
  if (a.default !== b.default)
    told.push(
      change(
        'default',
        name,
        `${name} is ${b.default ?? 'null'} instead of ${a.default ?? 'null'} where there is nothing`,
        a.default,
        b.default,
      ),
    );
  if (told.length === 0)
    told.push(
      change(
        'aggregation',
        name,
        `answers of ${name} changed`,
        before.answers.map(({suffix}) => suffix),
        after.answers.map(({suffix}) => suffix),
      ),
    );
  return [...changes, ...told];
}

function measureChanges(name: string, a: Measure, b: Measure): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  const [word, newWord] = [aggregationWord(a), aggregationWord(b)];
  const [parameters, newParameters] = [parametersText(a.aggregation), parametersText(b.aggregation)];
  if (word !== newWord) changes.push(change('aggregation', name, `${name}: ${word} became ${newWord}`, word, newWord));
  else if (parameters !== newParameters)
    changes.push(
      change('aggregation', name, `${name}: ${parameters} became ${newParameters}`, parameters, newParameters),
    );
  const told = (kind: 'input' | 'where', x: string | null, y: string | null) => {
    if (x === y) return;
    const sentence =
      x === null
        ? `${kind} ${y} added to ${name}`
        : y === null
          ? `${kind} ${x} removed from ${name}`
          : `${kind} of ${name} changed from ${x} to ${y}`;
    changes.push(change(kind, name, sentence, x, y));
  };
  told('input', expressionText(a.input), expressionText(b.input));
  told('where', expressionText(a.where), expressionText(b.where));
  return changes;
}
