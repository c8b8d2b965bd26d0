/** The part of a generated client that is the same in every project. */
export const CLIENT_RUNTIME = `export type ClientOptions = {
  /** Address of the server, such as \`http://127.0.0.1:4100\`; in a browser the page's own origin unless told. */
  readonly url?: string;
  /** An API key. */
  readonly key?: string;
  readonly fetch?: typeof fetch;
};

/** Cancels the call. */
export type Call = {readonly signal?: AbortSignal};

export type AnswerOptions = {
  readonly features?: boolean;
  readonly explain?: boolean;
  readonly freshness?: boolean;
};

export type Prediction<Features> = {
  readonly id: string;
  /** Probability of label 1, or the value; null where the model abstained. */
  readonly prediction: number | null;
  readonly version: number;
  readonly role: 'champion' | 'canary';
  /** UTC milliseconds. */
  readonly at: number;
  readonly level: string;
  readonly features?: Features;
  readonly skipped?: readonly {readonly level: string; readonly reason: string; readonly message?: string}[];
  readonly outside?: readonly string[];
  readonly abstained?: true;
  readonly score?: number;
  readonly explanation?: {readonly base: number; readonly contributions: Readonly<Record<string, number>>} | null;
  readonly freshness?: Readonly<Record<string, number | null>>;
};

export type PredictAnswer<Features> = {readonly model: string; readonly predictions: readonly Prediction<Features>[]};

export type RankAnswer = {
  readonly model: string;
  readonly id: string;
  readonly version: number;
  readonly at: number;
  readonly ranking: readonly {readonly id: string; readonly index: number; readonly score: number; readonly level: string}[];
};

export type Feedback = {
  /** Of the prediction. */
  readonly id: string;
  readonly kind?: 'explicit' | 'implicit';
  readonly name?: string;
  readonly value?: number | boolean | null;
  readonly at?: string | number | Date;
  readonly feedbackId?: string;
};

export type PushAnswer = {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly {readonly index: number; readonly check: string; readonly message: string}[];
  readonly position: number;
};

export type FeatureRows = {
  readonly set: string;
  readonly at: number;
  readonly features: readonly string[];
  readonly values: readonly (readonly (number | string | boolean | null)[])[];
};

/** What the server refused, or could not do. */
export class MillraceFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string | undefined;
  readonly problems: readonly {readonly path: string; readonly message: string; readonly fix?: string}[];

  constructor(status: number, body: {code?: string; message?: string; fix?: string; problems?: MillraceFailure['problems']}) {
    super(body.message ?? \`The server answered \${status}.\`);
    this.name = 'MillraceFailure';
    this.status = status;
    this.code = body.code ?? 'ANSWER_INVALID';
    this.fix = body.fix;
    this.problems = body.problems ?? [];
  }
}

function sender({url = '', key, fetch: ask = fetch}: ClientOptions) {
  return async <T>(path: string, body: unknown, call: Call = {}): Promise<T> => {
    const answer = await ask(url.replace(/\\/+$/, '') + path, {
      method: 'POST',
      headers: {'content-type': 'application/json', ...(key === undefined ? {} : {authorization: \`Bearer \${key}\`})},
      body: JSON.stringify(body),
      ...(call.signal === undefined ? {} : {signal: call.signal}),
    });
    const text = await answer.text();
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new MillraceFailure(answer.status, {message: \`The server answered \${answer.status} with something else than JSON.\`});
    }
    if (!answer.ok) throw new MillraceFailure(answer.status, value as object);
    return value as T;
  };
}`;
