// The types of an exported module: what this model takes, field by field.
import type {ColumnSpec, TypeName} from '../../protocol/index.ts';
import type {ExportedModel} from './edge/exported-model.ts';

const TYPES: Record<TypeName, string> = {
  string: 'string',
  number: 'number',
  int: 'number',
  bool: 'boolean',
  time: 'Date | string | number',
};

const REMARKS: Partial<Record<TypeName, string>> = {
  int: 'A whole number.',
  time: 'A Date, an ISO 8601 time with its zone, or UTC milliseconds.',
};

const keyOf = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);

const field = ({name, type, nullable}: ColumnSpec): string =>
  `${REMARKS[type] ? `  /** ${REMARKS[type]} */\n` : ''}  ${keyOf(name)}${nullable ? '?' : ''}: ${TYPES[type]}${nullable ? ' | null' : ''};\n`;

/** The text of the `.d.ts` beside a module. `handler`: the module has a default export `{fetch}`. */
export function declarationsOf(exported: ExportedModel, title: string, handler: boolean): string {
  const viewFeatures = exported.views.flatMap(({features}) => features);
  const inputs = exported.main.spec.features.map(({name}) => JSON.stringify(name)).join(' | ');
  return `// ${title}

/** What a request carries. Absent and null are the same. */
export interface RequestFields {
${exported.request.map(field).join('')}}
${viewFeatures.length === 0 ? '' : viewTypes(exported)}
export interface Input extends RequestFields {
${viewFeatures.length === 0 ? '' : '  /** Values of the features that the server reads from live windows; those left out are missing. */\n  features?: ViewFeatures;\n'}  /** When the decision is made; now, unless told. A Date, an ISO 8601 time with its zone, or UTC milliseconds. */
  at?: Date | string | number | null;
  /** Ignored. */
  id?: string;
}

export interface Answer {
  ${predictionRemark(exported)}
  readonly prediction: number;
  readonly version: number;
  /** UTC milliseconds. */
  readonly at: number;
  /** \`model\`, or the step of the fallback chain that answered. */
  readonly level: string;
  /** Inputs outside what training saw. */
  readonly outside: readonly string[];
  /** Less sure than the model's policy asks for: people are to decide. */
  readonly abstained: boolean;
}

/** An input of the model. */
export type Feature = ${inputs};

/** What each input adds to the margin (log odds of a binary model): \`base\` plus all contributions. */
export interface Explanation {
  readonly base: number;
  readonly contributions: Readonly<Record<Feature, number>>;
}

/** What this is, and what it takes. */
export declare const model: {
  readonly name: string;
  readonly version: number;
  readonly task: 'binary' | 'regression';
  readonly request: readonly {readonly name: string; readonly type: string; readonly nullable: boolean}[];
  readonly viewFeatures: readonly {readonly name: string; readonly type: string}[];
  /** In the order of \`predictVector\`; a category stands for itself by its place in the vocabulary. */
  readonly features: readonly {
    readonly name: string;
    readonly kind: 'numeric' | 'categorical';
    readonly vocabulary?: readonly string[];
  }[];
};

${predictionRemark(exported)}
/** Throws an error with \`code\` REQUEST_INVALID and all \`problems\` of the input. */
export declare function predict(input: Input): number;
/** The same, with how it came about. */
export declare function answer(input: Input): Answer;
export declare function explain(input: Input): Explanation;
/** The numbers that the model sees: NaN is missing, a category is its place in the vocabulary. */
export declare function vectorOf(input: Input): Float64Array;
/** The model alone, without request, derived features and policy. */
export declare function predictVector(vector: Float64Array): number;
${handler ? '\n/** POST {"instances": [{…}]} → {"model", "predictions": [{…}]}; GET → what the model takes. */\ndeclare const worker: {fetch(request: Request): Promise<Response>};\nexport default worker;\n' : ''}`;
}

const predictionRemark = ({main}: ExportedModel): string =>
  main.spec.task === 'binary' ? '/** The probability of label 1. */' : '/** The predicted value. */';

function viewTypes({views}: ExportedModel): string {
  const blocks = views.map(
    ({name, features}) => `  // ${name}\n${features.map(feature => field({...feature, nullable: true})).join('')}`,
  );
  return `
/**
 * Features of live windows. The module has no events: what is left out or null is missing (NaN), as on a server that
 * cannot read them. A server gives counts of an entity without events as 0: give 0 where you know that there were none.
 */
export interface ViewFeatures {
${blocks.join('')}}
`;
}
