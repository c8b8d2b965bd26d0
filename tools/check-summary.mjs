// Checks that a run of the quickstart did what it says. Run: node tools/check-summary.mjs summary.json
import {readFileSync} from 'node:fs';

const summary = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const model = summary.evaluation.candidates.find(c => c.name === summary.evaluation.chosen);
const baseline = summary.evaluation.candidates.find(c => c.name === 'historical-rate');

const checks = {
  'the run finished': summary.finished === true,
  'every stage is done': summary.stages.every(s => s.state === 'done'),
  'every departure after the midpoint was predicted': summary.replay.predictions > 100_000,
  'a sample went over HTTP': summary.replay.overHttp > 100,
  'the model beats the historical rate': model.metrics.auc > baseline.metrics.auc + 0.05,
  'no leak was found': summary.dataset.leakage.every(f => f.severity !== 'block'),
  'a trigger fired': summary.retrains.length > 0,
  'a challenger was promoted or rejected': summary.retrains.some(
    r => r.outcome === 'promoted' || r.outcome === 'rejected',
  ),
  'the export agrees with ONNX Runtime': summary.versions.every(v => v.artifact.onnxMaxDifference < 1e-6),
  'every served vector was compared': summary.consistency.predictions === summary.replay.predictions,
  'no served value differs from its recomputation': summary.consistency.mismatches === 0,
  'it took less than 4 GiB': summary.peakMemoryMb < 4_096,
};

for (const [check, holds] of Object.entries(checks)) console.log(`${holds ? 'ok    ' : 'FAILED'} ${check}`);
process.exit(Object.values(checks).every(Boolean) ? 0 : 1);
