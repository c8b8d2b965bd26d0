import {OnlineReader, type StoredStates} from '../../features/index.ts';
import {type Clock, MillraceError, type ReleasePlan} from '../../protocol/index.ts';
import {
  type Chosen,
  PredictionService,
  parseRequest,
  type RequestFields,
  type Run,
  type ServedPrediction,
  type VersionParts,
} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Answering} from '../live/answer.ts';
import {isAskersFault} from '../slo/service-levels.ts';
import type {ReportSender} from './report-sender.ts';

/** A request that a worker must not answer: the process that leads knows more. */
export class AnswerElsewhere extends Error {
  constructor() {
    super('The process that leads is to answer this.');
  }
}

/** What a worker answers a model with. */
export type WorkerParts = {
  readonly states: StoredStates;
  readonly clock: Clock;
  readonly report: ReportSender;
  readonly version: (version: number) => Promise<VersionParts>;
};

/** One model in a worker: answers as the live model does, as of the last checkpoint, and tells what it answered. */
export class WorkerModel implements Answering {
  readonly definition: ModelDefinition;
  readonly service: PredictionService;
  readonly #parts: WorkerParts;
  readonly #asksForLast: boolean;
  #answers = false;

  constructor(definition: ModelDefinition, parts: WorkerParts) {
    const {states, version} = parts;
    const {name, features, serving} = definition;
    this.definition = definition;
    this.#parts = parts;
    this.#asksForLast = serving.fallback.some(({kind}) => kind === 'last');
    this.service = new PredictionService({
      model: name,
      reader: new OnlineReader(features, states),
      policy: serving,
      version,
      position: () => states.position,
    });
  }

  /** Whether it has a plan to answer by. */
  get answers(): boolean {
    return this.#answers;
  }

  /** Answers by this plan from the next request on; null: not any more. If it cannot be loaded it answers nothing, and throws. */
  async use(plan: ReleasePlan | null): Promise<void> {
    if (plan === null) {
      this.#answers = false;
      return;
    }
    try {
      await this.service.use(plan);
      this.#answers = true;
    } catch (error) {
      this.#answers = false;
      throw error;
    }
  }

  parse(instance: unknown, path: string): RequestFields {
    return this.#counted(() => parseRequest(this.definition.features.request, instance, path));
  }

  /** As `LiveModel.predictAll`. Throws AnswerElsewhere where the process that leads may know a better answer. */
  predictAll(
    requests: readonly {readonly request: RequestFields; readonly id: string; readonly unit?: string}[],
    run?: Run,
  ): ServedPrediction[] {
    const {states, clock, report} = this.#parts;
    const at = this.#look(() => states.look(clock.now()));
    const answers = requests.map(({request, id, unit}) => {
      const started = process.hrtime.bigint();
      const served = this.#answer(request, id, at, run, {unit});
      const latencyUs = Number(process.hrtime.bigint() - started) / 1_000;
      run?.stages?.answered(latencyUs / 1_000);
      return {served, latencyUs};
    });
    for (const {served, latencyUs} of answers) report.answered(this.definition.name, served, latencyUs);
    return answers.map(({served}) => served);
  }

  freshness(request: RequestFields): Record<string, number | null> {
    const {reader} = this.service;
    return Object.fromEntries(reader.set.views.map(({view}, v) => [view.name, reader.latestEvent(v, request)]));
  }

  #answer(request: RequestFields, id: string, at: number, run: Run | undefined, chosen: Chosen): ServedPrediction {
    const served = this.#counted(() => this.#look(() => this.service.predict(request, id, at, run, chosen)));
    const {level, skipped} = served;
    // The last answers to a request are known where all answers come together, and so is what is not in the store yet.
    if (skipped.some(({reason}) => reason === 'not-ready')) throw new AnswerElsewhere();
    if (this.#asksForLast && level !== 'model' && level !== 'cached') throw new AnswerElsewhere();
    return served;
  }

  #look<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'NOT_READY') throw new AnswerElsewhere();
      throw error;
    }
  }

  #counted<T>(answer: () => T): T {
    try {
      return answer();
    } catch (error) {
      if (!(error instanceof AnswerElsewhere)) this.#parts.report.failed(this.definition.name, isAskersFault(error));
      throw error;
    }
  }
}
