import {MillraceError} from '../../protocol/index.ts';
import {gradientBoostedTrees, logisticRegression, type TrainerDefinition} from '../../training/index.ts';

/** One way to make a model smaller. */
export type CompressionMethod =
  | {
      readonly kind: 'prune';
      /** Trees kept, and leaves of a tree on average; what the validation loss allows if neither is told. */
      readonly trees?: number;
      readonly leaves?: number;
      /** Most validation loss added, where the loss decides. */
      readonly tolerance: number;
    }
  | {readonly kind: 'quantise-16'}
  | {readonly kind: 'quantise-8'}
  | {
      readonly kind: 'distil';
      readonly student: TrainerDefinition;
      /** Rows mixed from the training rows and labelled by the teacher. */
      readonly extraRows: number;
    };

export const COMPRESSION_METHODS = ['prune', 'quantise-16', 'quantise-8', 'distil'] as const;

export type MethodOptions = {
  readonly trees?: number;
  readonly leaves?: number;
  readonly tolerance?: number;
  /** What a teacher is distilled into. */
  readonly student?: 'trees' | 'linear';
  readonly extraRows?: number;
};

/** Log loss that pruning may cost unless told. */
export const PRUNE_TOLERANCE = 0.0005;
const STUDENT = {trees: 50, leaves: 15, learningRate: 0.2};

/**
 * The methods of a text such as `prune,quantise-8`, applied in that order. Throws USAGE for a name that is none, and for a
 * method behind one whose result it cannot take.
 */
export function compressionMethods(text: string, options: MethodOptions): CompressionMethod[] {
  const names = text.split(',').map(name => name.trim());
  const unknown = names.find(name => !(COMPRESSION_METHODS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new MillraceError('USAGE', `'${unknown}' is no method of compression.`, {
      fix: `Take one of ${COMPRESSION_METHODS.join(', ')}, or several with commas between them.`,
    });
  const early = names.slice(0, -1).find(name => name.startsWith('quantise'));
  if (early !== undefined)
    throw new MillraceError('USAGE', `Nothing can follow '${early}': its trees can no longer be changed.`, {
      fix: 'Put it last.',
    });
  return names.map(name => methodOf(name as CompressionMethod['kind'], options));
}

function methodOf(kind: CompressionMethod['kind'], options: MethodOptions): CompressionMethod {
  const {trees, leaves, tolerance = PRUNE_TOLERANCE, student = 'trees', extraRows = 0} = options;
  if (kind === 'prune')
    return {kind, tolerance, ...(trees === undefined ? {} : {trees}), ...(leaves === undefined ? {} : {leaves})};
  if (kind !== 'distil') return {kind};
  if (student === 'linear') return {kind, extraRows, student: logisticRegression()};
  return {
    kind,
    extraRows,
    student: gradientBoostedTrees({...STUDENT, trees: trees ?? STUDENT.trees, leaves: leaves ?? STUDENT.leaves}),
  };
}
