import {type Matrix, withCompressionStep} from '../../models/index.ts';
import type {JsonValue} from '../../protocol/index.ts';
import {type TrainerDefinition, type TrainingProgress, trainModel} from '../../training/index.ts';
import {appendRows, resampleRows} from './resample-rows.ts';

/** Whatever answers rows: one of our models, an imported one, a service. One probability (or value) for each row. */
export type Teacher = (matrix: Matrix) => Float64Array | Promise<Float64Array>;

export type DistilOptions = {
  readonly student: TrainerDefinition;
  /** Rows that the teacher labels: their own labels are not looked at. */
  readonly train: Matrix;
  /** For early stopping, labelled by the teacher too. */
  readonly validation: Matrix;
  readonly extraRows: number;
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
};

/**
 * A smaller model that imitates a teacher: trained on its probabilities instead of labels (Hinton, Vinyals and Dean,
 * "Distilling the knowledge in a neural network", 2015). Returns the artifact of the student.
 */
export async function distil(teacher: Teacher, options: DistilOptions): Promise<Uint8Array> {
  const {student, extraRows, seed, threads, signal, onProgress} = options;
  const train =
    extraRows === 0 ? options.train : appendRows(options.train, resampleRows(options.train, extraRows, seed));
  const {bytes} = await trainModel(student, {
    train: {matrix: train, labels: await teacher(train)},
    validation: {matrix: options.validation, labels: await teacher(options.validation)},
    softLabels: true,
    seed,
    ...(threads === undefined ? {} : {threads}),
    signal,
    onProgress,
  });
  const parameters: {[name: string]: JsonValue} = {student: student.kind, extraRows};
  return withCompressionStep(bytes, {method: 'distil', parameters});
}
