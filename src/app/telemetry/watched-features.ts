import {importantFeatures} from '../../monitoring/index.ts';
import type {LiveModel} from '../live/live-model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {loadProfile} from '../train/build-version.ts';

/** The features that the policy of a model watches, by the version in charge: few, and the same until it changes. */
export class WatchedFeatures {
  readonly #runtime: Runtime;
  readonly #known = new Map<string, {readonly version: number; readonly names: ReadonlySet<string>}>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Names; none before a version is deployed. */
  async of({definition, service}: LiveModel, most: number): Promise<ReadonlySet<string>> {
    if (service.plan === null) return new Set();
    const {name, monitor} = definition;
    const {version} = service.champion;
    const known = this.#known.get(name);
    if (known?.version === version) return known.names;
    const {features} = await loadProfile(this.#runtime, name, version);
    const watched = monitor.drift?.features === 'all' ? features : importantFeatures(features);
    const byImportance = [...watched].sort((a, b) => b.importance - a.importance);
    const names = new Set(byImportance.slice(0, most).map(feature => feature.name));
    this.#known.set(name, {version, names});
    return names;
  }
}
