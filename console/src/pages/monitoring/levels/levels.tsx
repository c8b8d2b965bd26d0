/** The levels at which a model is watched, from what it is worth to the machine it runs on, as tabs of the address. */
import type {Incident, ModelDetail, MonitorWindow, SloStatus} from 'millrace/protocol';
import {count} from '../../../format/numbers.ts';
import {useParam} from '../../../frame/url-state.ts';
import {Section} from '../../../parts/page.tsx';
import {type Tab, Tabs, tabOf} from '../../../parts/tabs.tsx';
import {drifting} from '../../../windows/drift.ts';
import {driftOf, importancesOf} from '../../../windows/important.ts';
import {FeaturesLevel, InputsLevel} from './drift-level.tsx';
import {PerformanceLevel} from './performance-level.tsx';
import {PredictionsLevel} from './predictions-level.tsx';
import {QualityLevel} from './quality-level.tsx';
import {SoftwareLevel} from './software-level.tsx';
import {WindowChoice} from './window-choice.tsx';

export type LevelProps = {
  /** Those of the time range, oldest first. */
  readonly windows: readonly MonitorWindow[];
  /** The one that was chosen. */
  readonly window: MonitorWindow;
  readonly detail: ModelDetail;
  readonly incidents: readonly Incident[];
  readonly slos: readonly SloStatus[];
};

const LEVELS = ['performance', 'predictions', 'features', 'inputs', 'quality', 'software'] as const;

export function Levels(props: Omit<LevelProps, 'window'>) {
  const {windows} = props;
  const [asked] = useParam('level');
  const [id] = useParam('window');
  const level = tabOf(asked, LEVELS);
  const window = windows.find(candidate => candidate.id === id) ?? windows.at(-1);
  if (!window) return null;
  const given = {...props, window};
  return (
    <Section id="levels" title="Levels" tools={<WindowChoice windows={windows} window={window} />}>
      <Tabs name="level" label="Levels" chosen={level} tabs={tabsOf(given)} />
      {level === 'performance' && <PerformanceLevel {...given} />}
      {level === 'predictions' && <PredictionsLevel {...given} />}
      {level === 'features' && <FeaturesLevel {...given} />}
      {level === 'inputs' && <InputsLevel {...given} />}
      {level === 'quality' && <QualityLevel {...given} />}
      {level === 'software' && <SoftwareLevel {...given} />}
    </Section>
  );
}

/** With what somebody should look at in each. */
function tabsOf({window, detail, slos}: LevelProps): readonly Tab[] {
  const moved = drifting(window).length;
  const {matter} = driftOf(window, importancesOf(detail, window));
  const inputs = (window.inputs ?? []).filter(({verdict}) => verdict === 'drift').length;
  const broken = (window.quality ?? []).filter(({verdict}) => verdict === 'broken');
  const spent = slos.filter(({budgetLeft}) => budgetLeft !== null && budgetLeft <= 0).length;
  return [
    {id: 'performance', title: 'Performance'},
    {
      id: 'predictions',
      title: 'Predictions',
      ...(window.prediction.verdict === 'drift' ? {level: 'watch' as const, note: 'drift'} : {}),
    },
    {
      id: 'features',
      title: 'Features',
      ...(moved > 0 ? {note: `${count(moved)} drift`} : {}),
      ...(matter.length > 0 ? {level: 'watch' as const} : {}),
    },
    {id: 'inputs', title: 'Inputs', ...(inputs > 0 ? {level: 'watch' as const, note: `${count(inputs)} drift`} : {})},
    {
      id: 'quality',
      title: 'Quality',
      ...(broken.length > 0
        ? {
            level: broken.some(({severity}) => severity === 'page') ? ('bad' as const) : ('watch' as const),
            note: `${count(broken.length)} broken`,
          }
        : {}),
    },
    {
      id: 'software',
      title: 'Software',
      ...(spent > 0
        ? {level: 'bad' as const, note: 'budget spent'}
        : window.errors > 0
          ? {level: 'watch' as const, note: `${count(window.errors)} errors`}
          : {}),
    },
  ];
}
