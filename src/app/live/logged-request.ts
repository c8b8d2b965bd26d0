/** Request fields as the prediction log holds them: columns beside the features, so that a served vector can be computed again. */
import type {ServedBatch} from '../../logs/index.ts';
import type {Schema, Value} from '../../protocol/index.ts';
import type {RequestFields} from '../../serving/index.ts';

export const REQUEST_PREFIX = 'request.';

/** A field as a column of the log holds it. */
export const loggedValue = (value: Value | undefined): number | string | null =>
  typeof value === 'boolean' ? Number(value) : (value ?? null);

/** The request of a logged row, as it could be sent again. */
export function loggedRequest(schema: Schema, {features}: ServedBatch, row: number): RequestFields {
  const request: Record<string, Value> = {};
  for (const [field, {type}] of Object.entries(schema)) {
    const value = features[`${REQUEST_PREFIX}${field}`]?.[row] ?? null;
    if (value === null || Number.isNaN(value)) request[field] = null;
    else request[field] = type === 'bool' ? value !== 0 : value;
  }
  return request;
}
