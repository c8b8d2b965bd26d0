import {
  addStep,
  finishRetrain,
  judgeTriggers,
  type RetrainPolicy,
  startRetrain,
  type Trigger,
  trainingRange,
  withChallenger,
} from '../../continual/index.ts';
import {
  advanceRollout,
  judgeRollout,
  observeMatured,
  observeTraffic,
  type Rollout,
  stageArms,
  startRollout,
  type Traffic,
} from '../../experiments/index.ts';
import type {MaturedRow} from '../../logs/index.ts';
import {
  type JsonValue,
  MillraceError,
  type ModelVersion,
  type ReleaseArm,
  type Retrain,
  type RetrainStep,
} from '../../protocol/index.ts';
import {auditRetrain} from '../access/audit-retrain.ts';
import {THE_POLICY} from '../access/who.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {buildVersion} from '../train/build-version.ts';
import type {LiveModel} from './live-model.ts';

export type RetrainDriverOptions = {
  /**
   * `wait`: the clock is simulated; a tick at or after `availableAt` waits for the training, so that a replay
   * gives the same on any machine. `poll`: the clock is the wall's; the version is taken up when it is there.
   */
  readonly training: 'wait' | 'poll';
  /** Replaces the policy's, for histories shorter than it was written for. */
  readonly policy?: RetrainPolicy;
  readonly onStep?: (retrain: Retrain) => void;
  /** Ends a training that is under way. */
  readonly signal?: AbortSignal;
  readonly onTraining?: (message: string, done: number, all: number) => void;
};

type Training = {readonly retrain: Retrain; readonly result: Promise<ModelVersion>; settled: boolean};

const NO_TRAFFIC: Traffic = {predictions: 0, errors: 0, latencyP99Us: null};

/**
 * Closes the loop of one model: fires triggers, trains, and leads the challenger through shadow and canary to
 * promotion or rejection, by the rules that the definition wrote down. Decisions are pure functions of other
 * rooms; this carries them out and keeps the record. `tick` after the model's own.
 */
export class RetrainDriver {
  readonly #runtime: Runtime;
  readonly #model: LiveModel;
  readonly #options: RetrainDriverOptions;
  readonly #policy: RetrainPolicy | null;
  #retrain: Retrain | null = null;
  #training: Training | null = null;
  #rollout: Rollout | null = null;
  #matured: MaturedRow[] = [];
  #failures = 0;
  #seen = 0;
  /** Who started a retrain by hand last, for the audit log. */
  #who = THE_POLICY;

  constructor(runtime: Runtime, model: LiveModel, options: RetrainDriverOptions) {
    this.#runtime = runtime;
    this.#model = model;
    this.#options = options;
    this.#policy = options.policy ?? model.definition.retrain;
    model.listen({
      matured: rows => {
        if (this.#rollout) this.#matured.push(...rows);
      },
      failed: () => {
        this.#failures++;
      },
    });
  }

  /** The retrain under way; null when none is. */
  get running(): Retrain | null {
    return this.#retrain;
  }

  /** Takes up what was under way when the process stopped. A training that was cut off is rejected; a rollout goes on. */
  async open(now: number): Promise<void> {
    const {name} = this.#model.definition;
    this.#retrain = (await this.#runtime.retrains.running(name)) ?? null;
    if (this.#retrain === null) return;
    const saved = await this.#runtime.metadata.get('rollout', name);
    if (this.#retrain.outcome === 'shadow' || this.#retrain.outcome === 'canary')
      this.#rollout = (saved?.value ?? null) as Rollout | null;
    if (this.#rollout === null)
      await this.#finish('rejected', now, 'The process stopped while the challenger was being trained.');
  }

  async tick(now: number): Promise<void> {
    if (this.#training) await this.#takeUp(now);
    if (this.#rollout) await this.#judgeRollout(now);
    if (this.#policy && this.#retrain === null && this.#model.service.plan) await this.#trigger(this.#policy, now);
  }

  /** Starts a retrain by hand, of `who` for the audit log. Throws STORE_CONFLICT while one is running. */
  async start(reason: string, now: number, who: string): Promise<Retrain> {
    if (this.#retrain)
      throw new MillraceError('STORE_CONFLICT', `Retrain ${this.#retrain.id} is running.`, {
        fix: 'Wait until it is promoted or rejected.',
      });
    const policy = this.#policy;
    if (!policy)
      throw new MillraceError('REQUEST_INVALID', `'${this.#model.definition.name}' has no retrain policy.`, {
        fix: 'Add retrain: retrainPolicy({…}) to the model.',
      });
    this.#who = who;
    await this.#fire(policy, {kind: 'manual', reason, alertId: null}, now);
    return this.#retrain!;
  }

  async #trigger(policy: RetrainPolicy, now: number): Promise<void> {
    const {retrains, registry} = this.#runtime;
    const {name} = this.#model.definition;
    const [last] = await retrains.list(name, 1);
    const versions = await registry.versions(name);
    const trigger = judgeTriggers(policy, {
      now,
      lastTrainedAt: Math.max(...versions.map(v => v.createdAt)),
      lastFiredAt: last?.firedAt ?? null,
      openAlerts: this.#model.watch.openAlerts,
      running: false,
    });
    if (trigger) await this.#fire(policy, trigger, now);
  }

  async #fire(policy: RetrainPolicy, trigger: Trigger, now: number): Promise<void> {
    const {definition} = this.#model;
    const champion = this.#model.service.champion.version;
    const id = `${definition.name}-${new Date(now).toISOString().slice(0, 16).replaceAll(/\W/g, '')}`;
    const retrain = startRetrain(policy, {id, model: definition.name, trigger, firedAt: now, incumbent: champion});
    await this.#save(retrain);
    if (trigger.alertId !== null) await this.#model.watch.act(trigger.alertId, id);
    const {from, asOf} = trainingRange(policy, now, this.#runtime.gate.report(definition.decisions.name).from ?? now);
    const {onTraining, signal} = this.#options;
    const result = buildVersion(this.#runtime, definition, {
      from,
      asOf,
      createdAt: retrain.availableAt,
      retrain: id,
      warmStart: policy.start === 'champion',
      ...(onTraining ? {onStep: onTraining} : {}),
      ...(signal ? {signal} : {}),
    });
    const training: Training = {retrain, result, settled: false};
    // The outcome, a failure included, is looked at by #takeUp.
    const settle = () => {
      training.settled = true;
    };
    result.then(settle, settle);
    this.#training = training;
  }

  async #takeUp(now: number): Promise<void> {
    const {retrain, result, settled} = this.#training!;
    if (now < retrain.availableAt || (this.#options.training === 'poll' && !settled)) return;
    this.#training = null;
    let version: ModelVersion;
    try {
      version = await result;
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      await this.#finish('rejected', now, `The training failed: ${error.message}`);
      return;
    }
    const {auc, logLoss, rows} = version.metrics;
    await this.#save(withChallenger(this.#retrain!, version.version));
    await this.#step({
      at: now,
      stage: 'training',
      message: `Trained version ${version.version} (${version.algorithm}) on ${version.dataset.rows.toLocaleString('en-US')} rows.`,
      figures: {rows: version.dataset.rows, seconds: version.trainingSeconds},
    });
    const failed = version.evaluation.gates.filter(gate => !gate.passed);
    await this.#step({
      at: now,
      stage: 'gates',
      message:
        failed.length === 0
          ? `All ${version.evaluation.gates.length} gates passed.`
          : failed.map(g => g.message).join(' '),
      figures: {auc, logLoss, testRows: rows},
    });
    if (failed.length > 0) {
      await this.#finish('rejected', now, `${failed.length} of ${version.evaluation.gates.length} gates failed.`);
      return;
    }
    const {definition, service} = this.#model;
    this.#rollout = startRollout(definition.rollout, {
      model: definition.name,
      challenger: version.version,
      champion: service.champion.version,
      at: now,
    });
    this.#matured = [];
    this.#seen = this.#model.predictions;
    this.#failures = 0;
    await this.#release(
      stageArms(this.#rollout),
      now,
      `Version ${version.version} shadows version ${service.champion.version}.`,
    );
    await this.#step({
      at: now,
      stage: 'shadow',
      message: `Version ${version.version} scores every request that version ${service.champion.version} answers.`,
      figures: {},
    });
  }

  async #judgeRollout(now: number): Promise<void> {
    const {definition} = this.#model;
    let rollout = observeMatured(this.#rollout!, this.#matured, now - definition.label.withinMs);
    this.#matured = [];
    rollout = observeTraffic(rollout, this.#traffic());
    const verdict = judgeRollout(rollout, now);
    this.#rollout = rollout;
    const {reason, figures} = verdict;
    const {challenger} = rollout;
    switch (verdict.decision) {
      case 'continue':
        break;
      case 'advance': {
        this.#rollout = advanceRollout(rollout, now);
        const share = definition.rollout.canary.steps[this.#rollout.stage - 1]!.share;
        await this.#release(
          stageArms(this.#rollout),
          now,
          `Version ${challenger} answers ${share * 100} % as a canary.`,
        );
        await this.#step({at: now, stage: 'canary', message: `${reason} Now it answers ${share * 100} %.`, figures});
        break;
      }
      case 'promote':
        this.#rollout = null;
        await this.#model.usePlan(await this.#runtime.registry.promote(definition.name, challenger, {at: now, reason}));
        await this.#finish('promoted', now, reason, figures);
        break;
      case 'reject':
        this.#rollout = null;
        await this.#release([{version: rollout.champion, role: 'champion', share: 1}], now, reason);
        await this.#finish('rejected', now, reason, figures);
        break;
    }
    await this.#runtime.metadata.write([
      {kind: 'rollout', id: definition.name, at: now, value: this.#rollout as unknown as JsonValue},
    ]);
  }

  /** Requests since the last judgement. An error is nobody's answer, so it counts for both. */
  #traffic(): Rollout['traffic'] {
    const predictions = this.#model.predictions - this.#seen;
    const errors = this.#failures;
    this.#seen = this.#model.predictions;
    this.#failures = 0;
    const each = {...NO_TRAFFIC, predictions, errors};
    return {challenger: each, champion: each};
  }

  async #release(arms: readonly ReleaseArm[], at: number, reason: string): Promise<void> {
    await this.#model.usePlan(await this.#runtime.registry.release(this.#model.definition.name, arms, {at, reason}));
  }

  async #step(step: RetrainStep): Promise<void> {
    await this.#save(addStep(this.#retrain!, step));
  }

  async #finish(
    outcome: 'promoted' | 'rejected',
    at: number,
    message: string,
    figures: RetrainStep['figures'] = {},
  ): Promise<void> {
    await this.#save(finishRetrain(this.#retrain!, outcome, {at, message, figures}));
    this.#retrain = null;
  }

  async #save(retrain: Retrain): Promise<void> {
    this.#retrain = retrain;
    await this.#runtime.retrains.save(retrain);
    await auditRetrain(this.#runtime.audit, retrain, this.#who);
    this.#options.onStep?.(retrain);
  }
}
