export type {AggregationName, AggregationSpec} from './aggregations/table.ts';
export type {CutMade} from './batch/cut-times.ts';
export {type BatchOptions, computeFeatures} from './batch/executor.ts';
export {
  type ExplainOptions,
  explainFeatures,
  type FeaturePlan,
  type ViewExplanation,
} from './batch/explain.ts';
export type {DayManifest, DaySource, MaterialisedDay} from './batch/materialise/day-manifest.ts';
export {type Materialised, type MaterialiseOptions, materialise} from './batch/materialise/materialise.ts';
export type {EventRange, PartitionedEvents} from './batch/partitioned-events.ts';
export {printPlan} from './batch/print-plan.ts';
export {withScratch} from './batch/scratch.ts';
export type {Spine} from './batch/spine.ts';
export {type SpineRows, withSpine} from './batch/spine-table.ts';
export {cutsWanted, newestCut, startOf} from './cuts/cut-schedule.ts';
export {CutStore, type Cuts} from './cuts/cut-store.ts';
export {type MakeCutOptions, makeCut} from './cuts/make-cut.ts';
export {CUTS_PREFIX, cutsName, type Generation, type RefreshedUse, refreshedUses} from './cuts/stored-cuts.ts';
export type {About, AboutOptions, Sensitivity} from './definitions/about.ts';
export type {Aggregate, Measure, Output} from './definitions/aggregate.ts';
export type {Aggregates} from './definitions/aggregates.ts';
export {describeFeature} from './definitions/describe.ts';
export {type Entity, entity} from './definitions/entity.ts';
export {
  type DerivedFeature,
  derive,
  expressionOver,
  type FeatureNames,
  type FeatureSet,
  featureSet,
  type RequestOf,
  use,
  type ViewUse,
} from './definitions/feature-set.ts';
export {type Joined, joined, type Latest, type Lookup, latest} from './definitions/joined.ts';
export {asOf, describeRefresh, type Refresh, type RefreshOptions} from './definitions/refresh.ts';
export {useMeaning, viewKey, viewVersion} from './definitions/version.ts';
export {type FeatureView, featureView, type WindowFeature} from './definitions/view.ts';
export {
  boundsAt,
  coarse,
  describeWindow,
  hopping,
  lastRows,
  lifetime,
  reachMs,
  session,
  sliding,
  tumbling,
  type Window,
  type WindowSpec,
} from './definitions/window.ts';
export {bindExpression, bindNumber} from './expressions/bind.ts';
export {bearing, caseOf, coalesce, cyclic, distance, hashedWords, type Place} from './expressions/combine.ts';
export type {Operand, TimeUnit} from './expressions/expression.ts';
export {type ColumnExpressions, choose, columnExpressions, Expression, QUERY_TIME} from './expressions/expression.ts';
export {localTime} from './expressions/local-time.ts';
export {columnsOf, type Node} from './expressions/node.ts';
export {printExpression} from './expressions/print.ts';
export {expressionSql, identifier} from './expressions/sql.ts';
export {type Zone, zoneOf} from './expressions/zone.ts';
export {joinedRelation} from './joins/lookup-sql.ts';
export {OnlineReader} from './online/reader.ts';
export {type FeatureRow, RowMaker} from './online/row-maker.ts';
export {StoreReader} from './online/store-reader.ts';
export {StoredStates} from './online/stored-states.ts';
export type {CutRead} from './online/view-reader.ts';
export {type ReferenceAnswer, referenceAnswers} from './sql/reference-answers.ts';
export {referenceSql} from './sql/reference-sql.ts';
export {windowEventsSql} from './sql/window-events-sql.ts';
export {Backfill, type BackfillOptions, type FillProgress} from './stream/backfill.ts';
export {loadCheckpoint, restoreLookups, type StreamOptions, saveCheckpoint} from './stream/checkpoint.ts';
export {StreamExecutor} from './stream/executor.ts';
export {dropUnused, removeGone, storedViews, type ViewRecord} from './stream/stored-view.ts';
export type {Filling} from './stream/view-state.ts';
