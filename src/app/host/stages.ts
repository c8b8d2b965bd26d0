import type {StageRecord} from '../../protocol/index.ts';

/** How far a stage is, as it says itself. */
export type StageProgress = {readonly done: number; readonly of: number | null; readonly message?: string};

export type StageObserver = (stage: StageRecord, progress: StageProgress | null) => void;

type Stage = {-readonly [K in keyof StageRecord]: StageRecord[K]} & {started: number};

/** The stages of a story, measured by the wall clock while they run. */
export class Stages {
  readonly #stages: Stage[] = [];
  readonly #observer: StageObserver;

  constructor(names: readonly string[] = [], observer: StageObserver = () => {}) {
    this.#observer = observer;
    for (const name of names)
      this.#stages.push({name, state: 'waiting', seconds: 0, rows: 0, rowsPerSecond: null, message: '', started: 0});
  }

  get records(): StageRecord[] {
    return this.#stages.map(record);
  }

  get running(): StageRecord | null {
    const stage = this.#stages.find(({state}) => state === 'running');
    return stage ? record(stage) : null;
  }

  /** Runs a stage. What it returns says how many rows it dealt with, and what came of it in words. */
  async run<T extends {readonly rows: number; readonly message: string}>(
    name: string,
    work: (progress: (p: StageProgress) => void) => Promise<T>,
  ): Promise<T> {
    const stage = this.#stages.find(s => s.name === name);
    if (!stage) throw new TypeError(`There is no stage '${name}'.`);
    stage.state = 'running';
    stage.started = performance.now();
    this.#observer(record(stage), null);
    try {
      const result = await work(progress => {
        stage.rows = progress.done;
        if (progress.message !== undefined) stage.message = progress.message;
        this.#measure(stage);
        this.#observer(record(stage), progress);
      });
      stage.rows = result.rows;
      stage.message = result.message;
      stage.state = 'done';
      return result;
    } catch (error) {
      stage.state = 'failed';
      stage.message = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#measure(stage);
      this.#observer(record(stage), null);
    }
  }

  #measure(stage: Stage): void {
    stage.seconds = (performance.now() - stage.started) / 1_000;
    stage.rowsPerSecond = stage.rows > 0 && stage.seconds > 0 ? stage.rows / stage.seconds : null;
  }
}

/** A running stage says how long it has run by now. */
const record = ({started, ...stage}: Stage): StageRecord =>
  stage.state === 'running' ? {...stage, seconds: (performance.now() - started) / 1_000} : stage;
