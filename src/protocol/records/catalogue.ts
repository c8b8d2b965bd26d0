import type {JsonValue} from '../json.ts';
import type {TypeName} from '../schema.ts';
import type {FeatureRecord} from './feature.ts';
import type {VersionStatus} from './model-version.ts';

/*
 * What the catalogue keeps of definitions. A version is what values depend on: words about a definition change nothing
 * of them and make none. Numbers count from 1 within a name; who goes back to an older meaning gets its number back.
 */

export type DefinitionKind = 'view' | 'feature-set';

/** One difference between two versions of a definition. */
export type DefinitionChange = {
  readonly kind:
    | 'source'
    | 'lateness'
    | 'keys'
    | 'lookup'
    | 'added'
    | 'removed'
    | 'renamed'
    | 'window'
    | 'aggregation'
    | 'input'
    | 'where'
    | 'default'
    | 'request'
    | 'view'
    | 'refresh'
    | 'expression'
    | 'order'
    | 'engine';
  /** The feature, field or view that it is about; null: all of it. */
  readonly subject: string | null;
  readonly before: JsonValue;
  readonly after: JsonValue;
  /** In words: `window 24h added to late`. */
  readonly sentence: string;
};

/** One meaning that a view or a feature set had. */
export type DefinitionVersion = {
  readonly of: DefinitionKind;
  readonly name: string;
  /** 1, 2, 3, … within the name. */
  readonly number: number;
  /** What its values depend on, as 12 hexadecimal digits. */
  readonly hash: string;
  readonly firstSeenAt: number;
  /** Against the version that was current before it; empty for the first. */
  readonly changes: readonly DefinitionChange[];
  /** Enough to compute it again. */
  readonly definition: JsonValue;
};

/** A model version that was trained with it. */
export type DefinitionUser = {readonly model: string; readonly version: number; readonly status: VersionStatus};

export type DefinitionVersionRecord = Omit<DefinitionVersion, 'definition'> & {
  readonly usedBy: readonly DefinitionUser[];
  /** Neither the project file defines it nor a model version in use was trained with it, since then; null: it is used. */
  readonly unusedSince: number | null;
};

/** A view or a feature set with all versions that it had, newest first. */
export type DefinitionRecord = {
  readonly of: DefinitionKind;
  readonly name: string;
  /** Number of the version that the project file defines; null if it defines none. */
  readonly current: number | null;
  /** When that became so. */
  readonly currentSince: number;
  readonly versions: readonly DefinitionVersionRecord[];
};

/** How one version came to be another. */
export type DefinitionDiff = {
  readonly of: DefinitionKind;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly DefinitionChange[];
};

/** A model version that reads a feature. */
export type FeatureReader = DefinitionUser & {
  readonly createdAt: number;
  /** Share of the model's gain or coefficients. */
  readonly importance: number;
  /** Number of the definition that it was trained with; null if that was not kept. */
  readonly definition: number | null;
  readonly inUse: boolean;
};

/** A field of a request, as a person who reads one feature needs to know it. */
export type ReadField = {
  readonly name: string;
  readonly type: TypeName;
  /** Entity whose key it holds, which every read must give; null: it may be left out, and is null then. */
  readonly entity: string | null;
  /** Whether the value depends on it; a key of another view of the set does not. */
  readonly decides: boolean;
};

/** A feature set that has a feature. */
export type FeatureSetUse = {
  readonly set: string;
  /** Models that read the set. */
  readonly models: readonly string[];
  /** Keys of all its views, and the other fields that decide the feature; those that decide it come first. */
  readonly fields: readonly ReadField[];
};

/** Everything of one feature. */
export type FeatureDetail = {
  readonly feature: FeatureRecord;
  /** Its view, or the feature set that derives it; null before a project was opened with its stores. */
  readonly definition: DefinitionRecord | null;
  /** Features that it is computed from, and those computed from it. */
  readonly derivedFrom: readonly string[];
  readonly derivedInto: readonly string[];
  /** Where its value can be read, in the order of the project file. */
  readonly sets: readonly FeatureSetUse[];
  /** Newest first. */
  readonly readers: readonly FeatureReader[];
};

export type LineageKind =
  | 'column'
  | 'request'
  | 'expression'
  | 'feature'
  | 'feature-set'
  | 'dataset'
  | 'model-version'
  | 'release';

export type LineageNode = {
  readonly id: string;
  readonly kind: LineageKind;
  readonly name: string;
  /** One line: its stream, its text, its status. */
  readonly detail: string;
  /** Path of its page in the console; null if it has none. */
  readonly path: string | null;
  /** Data about a person, as declared, or computed from such. */
  readonly personal: boolean;
};

/** From what something is made of to what is made of it. `role` says how, where that is not plain. */
export type LineageEdge = {
  readonly from: string;
  readonly to: string;
  readonly role: 'value' | 'condition' | 'key';
};

/** Where a feature comes from and where it goes; both directions in one graph, without cycles. */
export type Lineage = {
  readonly feature: string;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
};
