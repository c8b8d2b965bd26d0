/** Schemas that do not depend on the project. */
import {FLAG, INTEGER, type JsonSchema, listSchema, NUMBER, objectSchema, openSchema, TEXT, TIME} from './schemas.ts';

const problem = openSchema({path: TEXT, message: TEXT, fix: TEXT}, ['path', 'message']);

/** The body of every failure. */
export const failure = openSchema({code: TEXT, message: TEXT, fix: TEXT, problems: listSchema(problem)}, [
  'code',
  'message',
]);

/** What is said of a prediction, whatever the model. */
export const predictionFields: {readonly [name: string]: JsonSchema} = {
  id: TEXT,
  prediction: {
    type: ['number', 'null'],
    description: 'Probability of label 1, or the value; null where the model abstained.',
  },
  version: INTEGER,
  role: {type: 'string', enum: ['champion', 'canary']},
  at: TIME,
  level: {
    ...TEXT,
    description: 'Which level answered: model, sticky, cached, precomputed, or a step of the fallback chain.',
  },
};

/** What is said only where there is something to say. */
export const optionalPredictionFields: {readonly [name: string]: JsonSchema} = {
  skipped: listSchema(openSchema({level: TEXT, reason: TEXT, message: TEXT}, ['level', 'reason'])),
  outside: {...listSchema(TEXT), description: 'Inputs outside what training saw.'},
  abstained: FLAG,
  score: NUMBER,
  explanation: {
    type: ['object', 'null'],
    properties: {base: NUMBER, contributions: {type: 'object', additionalProperties: NUMBER}},
    required: ['base', 'contributions'],
  },
  freshness: {type: 'object', additionalProperties: {type: ['integer', 'null']}},
};

export const answerOptions: {readonly [name: string]: JsonSchema} = {
  features: {...FLAG, default: true, description: 'Answer with the features too.'},
  explain: {...FLAG, default: false, description: 'Answer with what each feature added; at most 100 instances.'},
  freshness: {...FLAG, default: false, description: 'Answer with the time of the newest event behind each view.'},
};

export const ranking = openSchema({
  model: TEXT,
  id: TEXT,
  version: INTEGER,
  at: TIME,
  ranking: listSchema(openSchema({id: TEXT, index: INTEGER, score: NUMBER, level: TEXT})),
});

export const feedbackRequest = objectSchema({
  feedback: listSchema(
    objectSchema(
      {
        id: {...TEXT, description: 'Of the prediction.'},
        kind: {type: 'string', enum: ['explicit', 'implicit'], default: 'explicit'},
        name: {...TEXT, default: 'feedback'},
        value: {type: ['number', 'boolean', 'null']},
        at: {type: ['string', 'integer']},
        feedbackId: {...TEXT, description: 'The same id twice counts once.'},
      },
      ['id'],
    ),
    {min: 1, max: 10_000},
  ),
});

export const pushAnswer = openSchema({
  accepted: INTEGER,
  duplicates: INTEGER,
  rejected: listSchema(openSchema({index: INTEGER, check: TEXT, message: TEXT})),
  position: INTEGER,
});
