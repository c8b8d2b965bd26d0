import type {FastifyInstance} from 'fastify';
import {FeatureCatalogue, type Host} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';

type Named = {readonly Params: {readonly name: string}};

/** Features with their versions, lineage and readers. */
export function catalogueRoutes(server: FastifyInstance, {runtime}: Host): void {
  const catalogue = new FeatureCatalogue(runtime.project, runtime);
  server.get<{Querystring: {readonly q?: unknown}}>('/api/features', ({query}) => catalogue.features(textOf(query.q)));
  server.get<Named>('/api/features/:name', ({params}) => catalogue.feature(params.name));
  server.get<Named>('/api/features/:name/lineage', ({params}) => catalogue.lineage(params.name));
  server.get('/api/definitions', () => catalogue.definitions());
  server.get<Named & {Querystring: {readonly from?: unknown; readonly to?: unknown}}>(
    '/api/definitions/:name/diff',
    ({params, query}) =>
      catalogue.diff(params.name, {from: versionOf(query.from, 'from'), to: versionOf(query.to, 'to')}),
  );
}

/** Searches longer than this are refused (characters). */
const MAX_QUERY = 400;

function textOf(q: unknown): string {
  if (q === undefined) return '';
  if (typeof q === 'string' && q.length <= MAX_QUERY) return q;
  throw new MillraceError('REQUEST_INVALID', "'q' is no search.", {
    fix: `Give one text of at most ${MAX_QUERY} characters, such as q=late.`,
  });
}

function versionOf(given: unknown, name: string): number | undefined {
  if (given === undefined || given === '') return undefined;
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new MillraceError('REQUEST_INVALID', `'${name}' is '${String(given).slice(0, 40)}'.`, {
    fix: 'Give the number of a version: 1, 2, 3, ….',
  });
}
