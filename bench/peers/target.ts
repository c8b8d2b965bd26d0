/** A server of features that the online benchmark asks over HTTP. Add one to the list in `online-read.ts`. */
export type Target = {
  readonly name: string;
  /** Takes the POSTs. */
  readonly url: string;
  /** The request for some entities (their numbers, 0 to 9,999) and the first 50 or all 250 features. */
  body(entities: readonly number[], features: number): string;
  /** Whether an answer has a value for each entity and feature; looked at before anything is measured. */
  isComplete(answer: string, entities: number, features: number): boolean;
  /** The server's process, and its children; their CPU time is reported. */
  readonly pid: number;
  /** The process of the store that it reads, if it is another. */
  readonly storePid?: number;
  stop(): Promise<void>;
};

export type TargetStart = {readonly name: string; start(): Promise<Target>};

/** What every target serves: entities 0 to 9,999 with 250 features, even ones whole numbers, odd ones fractions. */
export const ENTITIES = 10_000;
