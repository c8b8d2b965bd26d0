export {benjaminiHochberg, holm} from './corrections.ts';
export {Adwin, type AdwinOptions, type AdwinState} from './detectors/adwin.ts';
export {Ddm, type DdmOptions, type DdmState} from './detectors/ddm.ts';
export type {DriftDetector, DriftVerdict} from './detectors/detector.ts';
export {Eddm, type EddmOptions, type EddmState} from './detectors/eddm.ts';
export {HddmA, type HddmAOptions, type HddmAState} from './detectors/hddm-a.ts';
export {HddmW, type HddmWOptions, type HddmWState} from './detectors/hddm-w.ts';
export {Kswin, type KswinOptions, type KswinState} from './detectors/kswin.ts';
export {PageHinkley, type PageHinkleyOptions, type PageHinkleyState} from './detectors/page-hinkley.ts';
export {hellinger, lInfinity, totalVariation} from './distances/bin-distances.ts';
export {
  jensenShannonDistance,
  jensenShannonDivergence,
  kullbackLeibler,
  type LogarithmBase,
} from './distances/divergences.ts';
export {type Psi, psi} from './distances/psi.ts';
export {energyDistance, normalisedWasserstein, wasserstein} from './distances/value-distances.ts';
export {betaLower, logBeta} from './distributions/beta.ts';
export {chiSquareSurvival} from './distributions/chi-square.ts';
export {gammaLower, gammaUpper, logGamma} from './distributions/gamma.ts';
export {kolmogorovSurvival} from './distributions/kolmogorov.ts';
export {normalCdf, normalQuantile, normalTwoSided} from './distributions/normal.ts';
export {studentTCdf, studentTQuantile, studentTTwoSided} from './distributions/student-t.ts';
export {exp} from './exp.ts';
export {hash53, hashUnit, murmur3} from './hash.ts';
export {
  type CategoryCounts,
  categoryCounter,
  countCategories,
  emptyCategoryCounts,
  mergeCategoryCounts,
  topCategories,
} from './histogram/categories.ts';
export {
  binOf,
  emptyHistogram,
  type Histogram,
  histogram,
  mergeHistograms,
  updateHistogram,
} from './histogram/histogram.ts';
export {quantile, quantileOfSorted, sortedValues} from './histogram/quantile.ts';
export {quantileEdges} from './histogram/quantile-edges.ts';
export {solveLinear} from './linear-algebra/solve-linear.ts';
export {type SymmetricEigen, symmetricMatrixEigen} from './linear-algebra/symmetric-matrix-eigen.ts';
export {calibration, expectedCalibrationError, type ReliabilityBin} from './metrics/calibration.ts';
export {type AucComparison, type AucInterval, aucInterval, compareAuc} from './metrics/delong.ts';
export {type Interval, meanInterval, wilsonInterval} from './metrics/intervals.ts';
export {baseRate} from './metrics/labels.ts';
export {prAuc} from './metrics/pr-auc.ts';
export {accuracy, brier, logLoss} from './metrics/probability.ts';
export {mae, r2, rmse} from './metrics/regression.ts';
export {rocAuc} from './metrics/roc-auc.ts';
export {ascendingOrder} from './order.ts';
export {normal, type Random, seededRandom} from './random.ts';
export {Reservoir, ReservoirSlots} from './reservoir.ts';
export {sampleIndices, shuffle} from './sampling.ts';
export {type ConfidenceSequence, type ConfidenceSequenceOptions, confidenceSequence} from './sequential.ts';
export {DistinctSketch, footprint} from './sketches/distinct-sketch.ts';
export {type FrequentItem, FrequentItems, type FrequentItemsState} from './sketches/frequent-items.ts';
export {HeavyHitters} from './sketches/heavy-hitters.ts';
export {QuantileSketch} from './sketches/quantile-sketch.ts';
export {WeightedValues} from './sketches/weighted-values.ts';
export {
  emptySummary,
  mergeSummaries,
  type Summary,
  standardDeviation,
  summarize,
  updateSummary,
  variance,
} from './summary.ts';
export {andersonDarling, andersonDarlingOfBins} from './tests/anderson-darling.ts';
export {type ChiSquareTest, chiSquareTest, gTest} from './tests/chi-square-test.ts';
export {cramerVonMises, cramerVonMisesOfBins} from './tests/cramer-von-mises.ts';
export {eppsSingleton} from './tests/epps-singleton.ts';
export {fisherExact} from './tests/fisher-exact.ts';
export {type KolmogorovSmirnovMethod, kolmogorovSmirnov, kolmogorovSmirnovOfBins} from './tests/kolmogorov-smirnov.ts';
export {type ProportionTest, twoProportionTest} from './tests/proportions.ts';
export {type RankSumTest, rankSum, rankSumOfBins} from './tests/rank-sum.ts';
export type {TwoSampleTest} from './tests/two-sample.ts';
export {type WelchTest, welchTest} from './welch.ts';
