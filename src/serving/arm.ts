import type {FeatureRow, OnlineReader} from '../features/index.ts';
import {FallbackChain, type Level} from './chain/fallback-chain.ts';
import {lastLevel, ruleLevel, type Scored, type StoredAnswer, valueLevel} from './chain/levels.ts';
import {modelLevel, simplerLevel} from './chain/model-level.ts';
import {InputRanges, type TrainedRanges} from './inputs/input-ranges.ts';
import type {Inputs} from './inputs/inputs.ts';
import {LoadedVersion} from './loaded-version.ts';
import type {RecentMap} from './memory/recent-map.ts';
import type {StickyAnswers} from './memory/sticky-answers.ts';
import type {ServingPolicy} from './policy/serving-policy.ts';
import type {RequestText} from './precomputed/request-text.ts';

/** What is kept of a version, to serve it. */
export type VersionParts = {
  readonly artifact: Uint8Array;
  /** Artifacts of the simpler models that were trained beside it, by name. */
  readonly companions: ReadonlyMap<string, Uint8Array>;
  readonly ranges: TrainedRanges;
};

/** What all versions of a model share. */
export type Shared = {
  readonly policy: ServingPolicy;
  /** Names of the features in the order of the answers. */
  readonly reader: OnlineReader;
  readonly text: RequestText;
  readonly last: RecentMap<StoredAnswer>;
  readonly sticky: StickyAnswers<Scored> | null;
  /** Monotonic, milliseconds. */
  readonly now: () => number;
};

/** A version on the release plan: what it reads, its chain, and its row in the order of the answers. */
export type Arm = {
  readonly loaded: LoadedVersion;
  readonly reader: OnlineReader;
  readonly chain: FallbackChain<Inputs, Scored>;
  /** The version itself, without what stands below it. */
  readonly model: Level<Inputs, Scored>;
  /** What the version predicts from, as its policy has it; valid until the next call. */
  readonly vector: (row: FeatureRow) => Float64Array;
  readonly levels: readonly string[];
  readonly answered: (row: FeatureRow) => FeatureRow;
  /** Simpler models that the policy names and this version does not have. */
  readonly lacking: readonly string[];
};

/** `pinned`: reads the features as the version was trained with them; null: as they are defined today. */
export function makeArm(version: number, parts: VersionParts, pinned: OnlineReader | null, shared: Shared): Arm {
  const {policy, text, last, sticky, now} = shared;
  const reader = pinned ?? shared.reader;
  const names = reader.set.features.map(({name}) => name);
  const loaded = new LoadedVersion(version, parts.artifact, names);
  loaded.warmUp();
  const trainedOf = ({predictor}: LoadedVersion) =>
    new InputRanges(predictor.spec.features, parts.ranges, policy.inputs.margin);
  const lacking: string[] = [];
  const below = policy.fallback.flatMap((step): Level<Inputs, Scored>[] => {
    if (step.kind === 'rule') return [ruleLevel(step, shared.reader.set)];
    if (step.kind === 'last') return [lastLevel(step.maxAgeMs, last, text)];
    if (step.kind === 'value') return [valueLevel(step.value)];
    const artifact = parts.companions.get(step.model);
    if (artifact === undefined) {
      lacking.push(step.model);
      return [];
    }
    const simpler = new LoadedVersion(version, artifact, names);
    simpler.warmUp();
    return [simplerLevel(step.model, simpler, trainedOf(simpler), policy.inputs)];
  });
  const trained = trainedOf(loaded);
  const model = modelLevel(loaded, trained, policy, sticky);
  const levels = [model, ...below];
  return {
    loaded,
    reader,
    chain: new FallbackChain(levels, {deadlineMs: policy.deadlineMs, breaker: policy.breaker, now}),
    model,
    vector: policy.inputs.outside === 'clip' ? row => trained.clip(loaded.vector(row)) : row => loaded.vector(row),
    levels: levels.map(({name}) => name),
    answered: pinned === null ? row => row : inOrderOf(shared.reader, names),
    lacking,
  };
}

/** Rows of a reader with other features as answers have them: what it does not read is missing. */
function inOrderOf({set}: OnlineReader, names: readonly string[]): (row: FeatureRow) => FeatureRow {
  const places = set.features.map(({name}) => names.indexOf(name));
  const types = set.features.map(({type}) => type);
  return row => places.map((place, i) => (place >= 0 ? row[place]! : types[i] === 'string' ? null : Number.NaN));
}
