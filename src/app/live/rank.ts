import {randomUUID} from 'node:crypto';
import {MillraceError, type RankAnswer} from '../../protocol/index.ts';
import type {Run, ServedPrediction} from '../../serving/index.ts';
import {type Answering, idOf} from './answer.ts';

const MOST_CANDIDATES = 5_000;

/**
 * Scores the candidates of one request and orders them, best first; of equal scores the one that came first. All are
 * scored by the version that the ranking's id is given to, as of one moment. Throws REQUEST_INVALID, NOT_READY.
 */
export function rankCandidates(
  model: Answering,
  body: unknown,
  run?: Run,
): {readonly answer: RankAnswer; readonly served: readonly ServedPrediction[]} {
  const {context = {}, candidates, top} = (body ?? {}) as {context?: unknown; candidates?: unknown; top?: unknown};
  if (!Array.isArray(candidates) || candidates.length === 0 || candidates.length > MOST_CANDIDATES)
    throw new MillraceError(
      'REQUEST_INVALID',
      Array.isArray(candidates) ? `'candidates' holds ${candidates.length}.` : "The body has no list 'candidates'.",
      {fix: `Send {"context": {…}, "candidates": [{…}]} with 1 to ${MOST_CANDIDATES} candidates.`},
    );
  if (context === null || typeof context !== 'object' || Array.isArray(context))
    throw new MillraceError('REQUEST_INVALID', "'context' is not an object.", {
      fix: 'Give the fields that all candidates share.',
    });
  if (top !== undefined && !(Number.isSafeInteger(top) && (top as number) > 0))
    throw new MillraceError('REQUEST_INVALID', `'top' is ${JSON.stringify(top)?.slice(0, 40)}.`, {
      fix: 'Give a whole number from 1, or leave it out.',
    });
  const unit = idOf(body, 'body') ?? randomUUID();
  const requests = candidates.map((candidate: unknown, i) => {
    const path = `candidates[${i}]`;
    if (candidate === null || typeof candidate !== 'object' || Array.isArray(candidate))
      throw new MillraceError('REQUEST_INVALID', `${path} is not an object.`, {fix: 'Give the fields of a candidate.'});
    const {id: _, ...fields} = {...context, ...candidate} as Record<string, unknown>;
    return {request: model.parse(fields, path), id: idOf(candidate, path) ?? `${unit}/${i}`, unit};
  });
  const served = model.predictAll(requests, run);
  const ranking = served
    .map(({id, prediction, level}, index) => ({id, index, score: prediction, level}))
    .sort((a, b) => b.score - a.score || a.index - b.index);
  const {version, at} = served[0]!;
  const answer = {
    model: model.definition.name,
    id: unit,
    version,
    at,
    ranking: ranking.slice(0, (top as number) ?? ranking.length),
  };
  return {answer, served};
}
