export {FEEDBACK_SCHEMA, type FeedbackOptions, type FeedbackSchema, feedback} from './feedback.ts';
export {eventLabel, type Label, valueLabel} from './label.ts';
export {type KnownLabel, labelsIn} from './live.ts';
export {labelEventsSql} from './sql.ts';
