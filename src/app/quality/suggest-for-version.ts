import {join} from 'node:path';
import {columnsOf, type FeatureSet, QUERY_TIME} from '../../features/index.ts';
import {type Suggestion, suggestChecks} from '../../monitoring/index.ts';
import {openFiles} from '../../stores/files/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {loadProfile} from '../train/build-version.ts';
import {personalColumns} from './served-columns.ts';

export type SuggestedChecks = {
  readonly model: string;
  readonly version: number;
  /** Training rows that they were learned from. */
  readonly rows: number;
  readonly suggestions: readonly Suggestion[];
};

/** Checks that the training rows of a version speak for. Reads one file of the data folder, beside a server that has it open. Throws STORE_CORRUPT. */
export async function suggestForVersion(
  {name, features}: Pick<ModelDefinition, 'name' | 'features'>,
  version: number,
  folder: string,
): Promise<SuggestedChecks> {
  const objects = await openFiles(join(folder, 'objects'));
  const profile = await loadProfile({objects}, name, version);
  const suggestions = suggestChecks(profile, {personal: personalColumns(features), timely: timelyColumns(features)});
  return {model: name, version, rows: profile.rows, suggestions};
}

/** Features that read the query time, themselves or by way of others: the same for all rows of an hour or a day. */
function timelyColumns({derived}: FeatureSet): Set<string> {
  const timely = new Set<string>();
  // A feature is derived from those before it, so one pass sees them all.
  for (const {name, node} of derived)
    if (columnsOf(node).some(read => read === QUERY_TIME || timely.has(read))) timely.add(name);
  return timely;
}
