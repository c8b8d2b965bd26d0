import {randomUUID} from 'node:crypto';
import {MillraceError, type PushAnswer} from '../../protocol/index.ts';
import type {LivePlatform} from './live-platform.ts';

const MOST = 10_000;

/**
 * Takes what came back about predictions into the model's stream of feedback: durable when this resolves, and seen by
 * the label that is made from it. Throws REQUEST_INVALID where the model takes none or the body is none.
 */
export async function takeFeedback(platform: LivePlatform, model: string, body: unknown): Promise<PushAnswer> {
  const {definition} = platform.model(model);
  const {feedback: stream, label} = definition;
  if (!stream)
    throw new MillraceError('REQUEST_INVALID', `'${model}' takes no feedback.`, {
      fix: `Declare a stream with feedback('…') and name it in the model, or push events to '${label.source.name}', which its label comes from.`,
    });
  const list = (body as {feedback?: unknown} | null)?.feedback;
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST)
    throw new MillraceError(
      'REQUEST_INVALID',
      Array.isArray(list) ? `'feedback' holds ${list.length}.` : "The body has no list 'feedback'.",
      {
        fix: `Send {"feedback": [{"id": "…", "value": 1}]} with 1 to ${MOST} of them.`,
      },
    );
  const now = new Date(platform.runtime.clock.now()).toISOString();
  return platform.push(
    stream.name,
    list.map(given => eventOf(given, now)),
  );
}

/** What is missing gets its default; what is wrong is refused by the schema of the stream, row by row. */
function eventOf(given: unknown, now: string): unknown {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return given;
  const {
    id,
    kind = 'explicit',
    name = 'feedback',
    value = null,
    at = now,
    feedbackId = randomUUID(),
    ...rest
  } = given as Record<string, unknown>;
  return {
    feedbackId,
    predictionId: id,
    kind,
    name,
    value: typeof value === 'boolean' ? Number(value) : value,
    at,
    ...rest,
  };
}
