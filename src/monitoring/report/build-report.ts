import {DRIFT_DEFAULTS} from '../drift/drift-settings.ts';
import {type ComparedColumn, type CompareSettings, compareProfiles} from '../profiles/compare-profiles.ts';
import type {TableProfile} from '../profiles/table-profile.ts';
import {changeWords} from './change-words.ts';
import {figuresOf} from './column-figures.ts';
import {pictureOf} from './picture.ts';
import {qualityFindings} from './quality-findings.ts';
import type {ReportedColumn, ReportedPerformance, ReportedRows, TableReport} from './table-report.ts';
import {verdictOf} from './verdict.ts';

export type ReportedSide = {readonly profile: TableProfile; readonly name: string};

/**
 * The report on two profiles. Columns stand in the order of what matters: those that drift by their effect, then those that
 * cannot be judged yet, the stable ones, and those that are not compared.
 */
export function buildReport(
  reference: ReportedSide,
  current: ReportedSide,
  settings: CompareSettings & {
    readonly time?: string | undefined;
    readonly performance?: ReportedPerformance | null;
  } = {},
): TableReport {
  const comparison = compareProfiles(reference.profile, current.profile, settings);
  const columns = comparison.columns.map(reported).sort(byImportance);
  const quality = qualityFindings(comparison, settings.pending);
  const performance = settings.performance ?? null;
  return {
    reference: rowsOf(reference, settings.time),
    current: rowsOf(current, settings.time),
    ...verdictOf(columns, quality, performance, [reference.profile.rows, current.profile.rows]),
    columns,
    quality,
    performance,
    settings: {
      effect: settings.effect ?? DRIFT_DEFAULTS.effect,
      alpha: settings.alpha ?? DRIFT_DEFAULTS.alpha,
    },
  };
}

function reported(compared: ComparedColumn): ReportedColumn {
  const {column, type, drift, reason, measures} = compared;
  return {
    column,
    type,
    verdict: drift?.verdict ?? 'not compared',
    words: reason ?? changeWords(compared),
    effect: drift?.effect ?? null,
    pValue: drift?.pValue ?? null,
    needed: drift?.needed ?? null,
    reference: figuresOf(compared.reference.sketch),
    current: figuresOf(compared.current.sketch),
    measures,
    picture: pictureOf(compared),
  };
}

const RANK = {drift: 0, 'insufficient data': 1, stable: 2, 'not compared': 3};

const byImportance = (a: ReportedColumn, b: ReportedColumn): number =>
  RANK[a.verdict] - RANK[b.verdict] || (b.effect ?? 0) - (a.effect ?? 0);

/** From when to when: by the column of times that is named, or the only one. */
function rowsOf({profile, name}: ReportedSide, time: string | undefined): ReportedRows {
  const times = profile.columns.filter(
    column => column.type === 'time' && (time === undefined || column.name === time),
  );
  const sketch = times.length === 1 ? times[0]!.sketch : null;
  const {min = null, max = null} = sketch?.kind === 'numeric' ? sketch.summary : {};
  return {name, rows: profile.rows, from: min, to: max};
}
