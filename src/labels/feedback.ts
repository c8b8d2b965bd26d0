import {events, oneOf, type Source, type SourceOptions} from '../events/index.ts';
import {t} from '../protocol/index.ts';

/** What comes back about a prediction: said by somebody (explicit), or seen in what they did (implicit). */
export const FEEDBACK_SCHEMA = {
  feedbackId: t.string,
  predictionId: t.string,
  kind: t.string,
  /** What it is about, such as `clicked` or `rating`. */
  name: t.string,
  value: t.number.orNull(),
  at: t.time,
};

export type FeedbackSchema = typeof FEEDBACK_SCHEMA;

/** As of any stream: `from` is where feedback of earlier days lies, to train on; `retention` lets the log be truncated. */
export type FeedbackOptions = Pick<SourceOptions<FeedbackSchema>, 'delay' | 'lateness' | 'retention' | 'from'>;

/**
 * Declares a stream of feedback. A model that names it takes feedback over HTTP; a label that is made from it is the
 * rule by which feedback becomes truth: `valueLabel('liked', {from: votes, on: 'predictionId', is: f => f.value.gt(0), within: '7d'})`,
 * or `eventLabel('clicked', {from: clicks, on: 'predictionId', within: '1h'})`.
 */
export function feedback<const N extends string>(name: N, options: FeedbackOptions = {}): Source<N, FeedbackSchema> {
  return events(name, {
    ...options,
    schema: FEEDBACK_SCHEMA,
    time: 'at',
    id: 'feedbackId',
    checks: [oneOf('kind', ['explicit', 'implicit'])],
  });
}
