/** Fixture: how the invented models answer, what waits for people, and what is deployed. It lasts as long as the server. */
import {
  type AuditEntry,
  MillraceError,
  type ModelDetail,
  type Prediction,
  type PredictionRecord,
  type ReleasePlan,
  type Review,
  type ServingStatus,
} from '../../src/protocol/index.ts';
import {AIRPORTS, CLOCK, HOUR, MODEL} from './fixture-project.ts';

const MINUTE = 60_000;

const POLICY = [
  'An answer is due within 50 ms.',
  "If the model cannot answer: the simpler model 'without live features'; then the rule origin_late_share_24h or 0.2; then the last answer to the same request, if it is at most 1 d old; then the value 0.2.",
  'A level that failed 5 of its last 20 calls is left alone for 10 s.',
  'Inputs outside what training saw are flagged.',
  'Below a confidence of 0.55 people decide.',
];

const SIMPLER = 'simpler without live features';

const full: ServingStatus = {
  model: MODEL,
  ready: true,
  version: 2,
  predictions: 1_476_003,
  errors: 0,
  unlogged: 0,
  answeredBy: {
    model: 1_398_214,
    precomputed: 61_004,
    sticky: 12_380,
    cached: 1_160,
    [SIMPLER]: 3_011,
    'airport history': 221,
    value: 13,
  },
  levels: [
    {
      level: 'model',
      answers: 1_410_594,
      skipped: {'missing-features': 2_190, 'predicted-latency': 842, error: 213},
      breaker: 'closed',
    },
    {level: SIMPLER, answers: 3_011, skipped: {error: 234}, breaker: 'closed'},
    {level: 'airport history', answers: 221, skipped: {'missing-features': 13}, breaker: 'closed'},
    {level: 'last', answers: 0, skipped: {'nothing-stored': 13}, breaker: 'closed'},
    {level: 'value', answers: 13, skipped: {}, breaker: 'closed'},
  ],
  lacking: [],
  policy: POLICY,
  hybrid: {
    rule: 'Frequent is what was asked at least 20 times within 1 d; of these the 10,000 most frequent are answered anew every 1 h.',
    hits: 61_004,
    misses: 1_414_999,
    tooOld: 402,
    hitRate: 61_004 / 1_476_003,
    frequent: 3_812,
    table: {entries: 3_790, madeAt: CLOCK - 41 * MINUTE, ageMs: 41 * MINUTE},
    batch: null,
  },
  reviews: {open: 6, dropped: 0},
};

const imported: readonly ServingStatus[] = [
  {
    ...full,
    model: 'fraud_net',
    version: 3,
    predictions: 40_210,
    answeredBy: {model: 40_102, last: 96, value: 12},
    levels: [
      {level: 'model', answers: 40_102, skipped: {timeout: 108}, breaker: 'closed'},
      {level: 'last', answers: 96, skipped: {'nothing-stored': 12}, breaker: 'closed'},
      {level: 'value', answers: 12, skipped: {}, breaker: 'closed'},
    ],
    policy: ['Rows are evaluated one by one by ONNX Runtime: its answers change with the size of a batch.', POLICY[0]!],
    hybrid: null,
    reviews: {open: 0, dropped: 0},
  },
  {
    ...full,
    model: 'captions',
    ready: false,
    version: null,
    predictions: 0,
    answeredBy: {},
    levels: [],
    policy: ['There is no file models/captions.onnx beside the project.'],
    hybrid: null,
    reviews: {open: 0, dropped: 0},
  },
];

const troubled: ServingStatus = {
  ...full,
  unlogged: 1_204,
  answeredBy: {...full.answeredBy, [SIMPLER]: 98_400, 'by region': 44},
  levels: full.levels.map(level =>
    level.level === 'model'
      ? {...level, breaker: 'open', skipped: {...level.skipped, 'breaker-open': 97_012}}
      : {...level, breaker: level.level === SIMPLER ? 'half-open' : 'closed'},
  ),
  lacking: ['without weather'],
  reviews: {open: 6, dropped: 31},
};

const reviews: readonly Review[] = Array.from({length: 10}, (_, i): Review => {
  const decided = i >= 6;
  return {
    id: `unsure-${10 - i}`,
    model: MODEL,
    at: CLOCK - (i + 1) * 7 * MINUTE,
    version: 2,
    score: 0.455 + 0.009 * i,
    request: {origin: AIRPORTS[i]!, destination: AIRPORTS[(i + 4) % 10]!, distance: 300 + 171 * i},
    state: decided ? 'decided' : 'open',
    decision: decided ? i % 2 : null,
    by: decided ? 'Grace' : null,
    decidedAt: decided ? CLOCK - i * MINUTE : null,
  };
});

export type ServingScenario = 'full' | 'young' | 'empty' | 'troubled';

export class FixtureServing {
  readonly #scenario: ServingScenario;
  #reviews: readonly Review[];
  #plans: readonly ReleasePlan[] = [];
  #audit: readonly AuditEntry[] = [];
  #loads = 0;

  constructor(scenario: ServingScenario) {
    this.#scenario = scenario;
    this.#reviews = scenario === 'full' || scenario === 'troubled' ? reviews : [];
  }

  status(): readonly ServingStatus[] {
    if (this.#scenario === 'empty') return [];
    if (this.#scenario === 'young')
      return [
        {
          ...full,
          version: 1,
          predictions: 14_000,
          answeredBy: {model: 14_000},
          levels: [{level: 'model', answers: 14_000, skipped: {}, breaker: 'closed'}],
          policy: [],
          hybrid: null,
          reviews: {open: 0, dropped: 0},
        },
      ];
    const base = this.#scenario === 'troubled' ? troubled : full;
    const open = this.#reviews.filter(({state}) => state === 'open').length;
    const loaded = imported.map(each =>
      each.version === null ? each : {...each, version: each.version + this.#loads},
    );
    return [{...base, reviews: {...base.reviews, open}}, ...loaded];
  }

  /** With the plans of deploys; with a rollout that runs, where all is troubled. */
  detail(detail: ModelDetail): ModelDetail {
    const plans = [...this.#plans, ...detail.plans];
    if (this.#scenario !== 'troubled') return {...detail, label: 'late', plans, plan: plans[0] ?? null};
    const [newest] = detail.retrains;
    const rolling = newest ? [{...newest, outcome: 'shadow' as const, finishedAt: null}] : [];
    return {...detail, label: 'late', plan: plans[1] ?? null, retrains: [...rolling, ...detail.retrains.slice(1)]};
  }

  /** The newest answers: some from below the model, some unusual. */
  predictions(made: readonly PredictionRecord[]): readonly PredictionRecord[] {
    if (this.#scenario === 'young') return made;
    return made.map((record, i) => ({
      ...record,
      ...(i === 1 ? {level: SIMPLER} : i % 7 === 2 ? {level: 'precomputed'} : {}),
      ...(i === 3 ? {outside: ['distance']} : {}),
      ...(i === 4 ? {abstained: true as const, prediction: 0.481} : {}),
    }));
  }

  reviews(state: string | null, limit: number): readonly Review[] {
    return this.#reviews.filter(review => state === null || review.state === state).slice(0, limit);
  }

  /** Of `unsure-8` somebody else decides first. */
  decide({id, decision, by = 'somebody'}: {id: string; decision: number; by?: string}): Review {
    const faster = id === 'unsure-8';
    const decided = {state: 'decided', decision: faster ? 1 : decision, by: faster ? 'Grace' : by} as const;
    this.#reviews = this.#reviews.map(review =>
      review.id === id ? {...review, ...decided, decidedAt: CLOCK + MINUTE} : review,
    );
    if (faster)
      throw new MillraceError('STORE_CONFLICT', `'${id}' was decided by Grace: 1.`, {fix: 'Read the queue again.'});
    return this.#reviews.find(review => review.id === id)!;
  }

  /** Of version 3 a rollout begins before anybody can deploy it. */
  deploy({version, reason}: {version: number; reason: string}): ReleasePlan {
    if (version === 3)
      throw new MillraceError('STORE_CONFLICT', 'Version 4 is being rolled out as shadow.', {
        fix: 'Wait until it is promoted or rejected.',
      });
    const plan: ReleasePlan = {
      model: MODEL,
      revision: 8,
      at: CLOCK + HOUR,
      arms: [{version, role: 'champion', share: 1}],
      salt: 'a1',
      reason,
    };
    this.#plans = [plan];
    this.#note('version.deploy', `${MODEL} v${version}`, {reason});
    return plan;
  }

  /** Throws MODEL_INVALID for what has no file. */
  load(model: string): void {
    if (model === 'captions')
      throw new MillraceError('MODEL_INVALID', "'captions' was not loaded: there is no file models/captions.onnx.");
    this.#loads++;
    this.#note('model.load', model, {});
  }

  /** What was changed here, newest first. */
  audit(): readonly AuditEntry[] {
    return this.#audit;
  }

  /** One prediction, with what was asked for beside it. */
  answer(features: Prediction['features'], {origin}: {origin: string}): Prediction {
    const usual: Prediction = {
      id: 'try-1',
      prediction: 0.2184,
      version: 2,
      role: 'champion',
      at: CLOCK,
      level: 'model',
      features: features ?? {},
      freshness: {origin: CLOCK - 4 * MINUTE, destination: CLOCK - 3 * HOUR, route: null},
      explanation: {
        base: -1.482,
        contributions: {
          origin_late_share_2h: 0.312,
          hour: 0.184,
          destination_late_share_2h: -0.141,
          origin_late_share_24h: -0.072,
          distance: 0.031,
          weekday: -0.107,
          ...Object.fromEntries(Array.from({length: 8}, (_, i) => [`origin_mean_delay_${i}h`, 0.004 - 0.001 * i])),
        },
      },
    };
    if (origin === 'UNSURE') return {...usual, prediction: null, abstained: true, score: 0.512};
    if (origin !== 'NEW') return usual;
    return {
      ...usual,
      prediction: 0.2,
      level: 'airport history',
      outside: ['origin'],
      explanation: null,
      skipped: [
        {level: 'model', reason: 'missing-features', message: '5 of 8 features are missing.'},
        {level: SIMPLER, reason: 'error', message: 'The artifact is damaged.'},
      ],
    };
  }

  #note(action: AuditEntry['action'], what: string, detail: AuditEntry['detail']): void {
    const id = `here-${this.#audit.length}`;
    const entry = {id, at: CLOCK + HOUR, who: 'key ops (0000000000000001)', action, what, detail} as const;
    this.#audit = [{...entry, outcome: 'done'}, ...this.#audit];
  }
}
