/** What a self-contained module holds of a model version. All of it is JSON but the bytes, which are base64. */
import type {DerivedFeature} from '../../../features/index.ts';
import type {CompactModel} from '../../../models/index.ts';
import type {ColumnSpec, TypeName} from '../../../protocol/index.ts';
import type {ServingPolicy} from '../../../serving/index.ts';

/** Changes when an older runtime could not read it. */
export const EXPORT_FORMAT = 1;

export type NamedType = {readonly name: string; readonly type: TypeName};

export type ExportedArrays = Omit<CompactModel, 'bytes'> & {readonly base64: string};

export type ExportedModel = {
  readonly format: typeof EXPORT_FORMAT;
  readonly model: string;
  readonly version: number;
  readonly featureSet: string;
  readonly request: readonly ColumnSpec[];
  /** Features that the server reads from live windows, and that a caller of the module gives by name. */
  readonly views: readonly {readonly name: string; readonly features: readonly NamedType[]}[];
  readonly derived: readonly DerivedFeature[];
  /** As much of it as needs neither time nor memory: see `timeless`. */
  readonly policy: ServingPolicy;
  readonly ranges: readonly (readonly [feature: string, range: {readonly min: number; readonly max: number}])[];
  readonly main: ExportedArrays;
  /** Simpler models that the policy falls back to. */
  readonly companions: readonly (readonly [name: string, model: ExportedArrays])[];
};

/**
 * A policy without what a function that remembers nothing cannot keep: no deadline, breaker or age of features; nothing
 * sticky, cached, precomputed or stored. Inputs outside training, missing features, rules, simpler models, fixed values
 * and abstaining stay as they are on the server.
 */
export const timeless = (policy: ServingPolicy): ServingPolicy => ({
  ...policy,
  deadlineMs: null,
  fallback: policy.fallback.filter(({kind}) => kind !== 'last'),
  // More failures than calls are looked at: it never opens.
  breaker: {failures: 2, of: 1, coolMs: 0},
  features: {...policy.features, staleAfterMs: null},
  sticky: null,
  cache: null,
  hybrid: null,
});
