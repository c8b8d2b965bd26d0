import {describeWindow, learnedFloors, recordTallies} from '../../../monitoring/index.ts';
import type {FeatureHistogram, MonitorWindow} from '../../../protocol/index.ts';
import type {ModelDefinition} from '../../definitions/model.ts';
import type {KeptTallies} from '../../runtime/monitor-records.ts';
import type {AlertBook} from './alert-book.ts';
import type {ModelEstimates, WindowEstimate} from './model-estimates.ts';
import type {WindowMemory} from './window-memory.ts';
import type {ObservedWindow} from './window-observer.ts';
import type {WindowShifts} from './window-shifts.ts';

export type AssessedWindow = {
  readonly window: MonitorWindow;
  readonly histograms: readonly FeatureHistogram[];
  readonly tallies: KeptTallies;
  /** Null where nothing is estimated. */
  readonly estimated: WindowEstimate | null;
};

/** Windows that floors are learned from. */
const QUIET = 400;

/** All that is found out about a window when it closes: where the parts of monitoring meet. */
export class WindowAssessor {
  readonly #definition: ModelDefinition;
  readonly #memory: WindowMemory;
  readonly #estimates: ModelEstimates;
  readonly #shifts: WindowShifts;

  constructor(definition: ModelDefinition, memory: WindowMemory, estimates: ModelEstimates, shifts: WindowShifts) {
    this.#definition = definition;
    this.#memory = memory;
    this.#estimates = estimates;
    this.#shifts = shifts;
  }

  /** `before`: all earlier windows, oldest first. */
  async assess(
    closed: ObservedWindow,
    before: readonly MonitorWindow[],
    alerts: Pick<AlertBook, 'wasQuiet'>,
  ): Promise<AssessedWindow> {
    const {monitor} = this.#definition;
    const {counts, profile, quality} = closed;
    const same = before.filter(window => window.profile === profile.version);
    const own = recordTallies(profile.version, counts.predictions, counts.bins.read(counts.block));
    const tallies = this.#memory.totalWith(closed, own);
    const quiet = monitor.drift?.learn ? same.filter(window => alerts.wasQuiet(window)).slice(-QUIET) : [];
    const {window: counted, histograms} = describeWindow(closed, monitor, {
      season: await this.#memory.season(closed, profile.version),
      spans: this.#memory.spans(tallies),
      floors: learnedFloors(quiet),
    });
    const estimated = this.#estimates.estimate(closed, counted.drift, same);
    const window: MonitorWindow = {
      ...counted,
      ...(monitor.quality.length > 0 ? {quality} : {}),
      ...(estimated ? {estimate: estimated.estimate} : {}),
    };
    const shifts = this.#shifts.atClose(window, before, closed.sample, estimated?.reference ?? null);
    return {window: {...window, shifts}, histograms, tallies, estimated};
  }
}
