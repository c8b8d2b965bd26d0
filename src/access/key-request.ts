import {
  type ApiKeyRequest,
  MillraceError,
  type Problem,
  type RateLimit,
  SCOPES,
  type Scope,
} from '../protocol/index.ts';

const MAX_NAME = 100;
const FIELDS = ['name', 'scopes', 'models', 'expiresAt', 'rate'];

/** What was asked for, as a key can be. `now`: UTC ms. Throws REQUEST_INVALID with all problems. */
export function checkedKeyRequest(given: unknown, now: number): ApiKeyRequest {
  const fields = objectOf(given);
  const problems: Problem[] = [];
  const wrong = (path: string, message: string, fix: string) => void problems.push({path, message, fix});
  const {name, scopes, models, expiresAt, rate} = fields;
  for (const field of Object.keys(fields))
    if (!FIELDS.includes(field)) wrong(field, `'${field.slice(0, 40)}' is no field of a key.`, 'Leave it out.');
  if (typeof name !== 'string' || name.trim() === '' || name.length > MAX_NAME || /\p{Cc}/u.test(name))
    wrong('name', 'The key has no name.', `Give it one of 1 to ${MAX_NAME} characters, such as the program's.`);
  if (!isList(scopes) || scopes.length === 0 || scopes.some(scope => !SCOPES.includes(scope as Scope)))
    wrong('scopes', `The scopes are ${said(scopes)}.`, `Give one or more of ${SCOPES.join(', ')}.`);
  else if (scopes.includes('admin') && models !== undefined)
    wrong('models', 'An admin key is for everything, so it cannot be for some models.', 'Leave out models or admin.');
  if (models !== undefined && (!isList(models) || models.length === 0 || models.some(m => typeof m !== 'string')))
    wrong('models', `The models are ${said(models)}.`, 'Give a list of their names, or leave it out for all.');
  if (expiresAt !== undefined && !(isNumber(expiresAt) && expiresAt > now))
    wrong('expiresAt', `It would expire at ${said(expiresAt)}.`, 'Give a time in the future, in UTC milliseconds.');
  if (rate !== undefined && !isRate(rate))
    wrong('rate', `The rate is ${said(rate)}.`, 'Give {"perSecond": 100, "burst": 200}: above 0, and 1 or more.');
  if (problems.length > 0) throw invalid(problems);
  return {
    name: (name as string).trim(),
    scopes: SCOPES.filter(scope => (scopes as readonly unknown[]).includes(scope)),
    ...(models === undefined ? {} : {models: [...new Set(models as string[])]}),
    ...(expiresAt === undefined ? {} : {expiresAt: expiresAt as number}),
    ...(isRate(rate) ? {rate: {perSecond: rate.perSecond, burst: rate.burst}} : {}),
  };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function isRate(value: unknown): value is RateLimit {
  const {perSecond, burst} = (value ?? {}) as {perSecond?: unknown; burst?: unknown};
  return isNumber(perSecond) && perSecond > 0 && isNumber(burst) && Number.isInteger(burst) && burst >= 1;
}

function objectOf(given: unknown): {readonly [name: string]: unknown} {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as {[name: string]: unknown};
  throw invalid([{path: '', message: 'It is no JSON object.', fix: 'Send {"name": "…", "scopes": ["predict"]}.'}]);
}

const said = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80));

const invalid = (problems: readonly Problem[]): MillraceError =>
  new MillraceError('REQUEST_INVALID', `No key was made: ${problems.map(({message}) => message).join(' ')}`, {
    problems,
  });
