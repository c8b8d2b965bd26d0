import type {DatasetRecord, EvaluationReport, ModelVersion, RunSummary} from '../../protocol/index.ts';
import type {Host} from './host.ts';

/** Everything that was measured so far, of all models. Versions, windows, alerts and retrains are oldest first. */
export async function runSummary(host: Host): Promise<RunSummary> {
  const {runtime, platform} = host;
  const {project, registry, monitoring, retrains, gate, clock} = runtime;
  const names = project.models.map(m => m.name);
  const of = async <T>(read: (model: string) => Promise<readonly T[]>): Promise<T[]> =>
    (await Promise.all(names.map(read))).flat();
  const versions = (await of(name => registry.versions(name))).reverse();
  const plans = await of(name => registry.plans(name));
  const first: ModelVersion | undefined = versions[0];
  const dataset: DatasetRecord | null = first?.dataset ?? null;
  const evaluation: EvaluationReport | null = first?.evaluation ?? null;
  const story = (await retrains.list()).reverse();
  return {
    project: project.name,
    rows: host.rows,
    startedAt: host.startedAt,
    finished: host.finished,
    clock: clock.now(),
    replay: host.replay,
    policy: host.policy,
    stages: host.stages.records,
    streams: gate.reports(),
    dataset,
    evaluation,
    versions,
    plan: plans.sort((a, b) => b.at - a.at)[0] ?? null,
    windows: await of(name => monitoring.windows(name)),
    alerts: (await monitoring.alerts()).reverse(),
    retrains: story,
    promotions: story
      .filter(r => r.outcome === 'promoted' && r.challenger !== null && r.finishedAt !== null)
      .map(r => ({version: r.challenger!, at: r.finishedAt!, reason: r.steps.at(-1)?.message ?? ''})),
    consistency: host.consistency ?? (await platform?.consistency.latest()) ?? null,
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    seconds: host.seconds,
  };
}
