import {Counter, Gauge, type Registry} from 'prom-client';
import type {Host} from '../app/index.ts';
import type {AdmissionControl} from './admission.ts';

/** What Prometheus is told of levels, breakers, answers made beforehand, the prediction log and shed load. */
export function servingMetrics(registry: Registry, host: Host, admission: AdmissionControl): void {
  const registers = [registry];
  const models = () => host.platform?.models ?? [];
  new Counter({
    name: 'millrace_predictions_by_level_total',
    help: 'Predictions by the level that answered: the model, what was answered before, or a step of its fallback chain.',
    labelNames: ['model', 'level'],
    registers,
    collect() {
      this.reset();
      for (const {definition, levels} of models())
        for (const [level, count] of levels) this.inc({model: definition.name, level}, count);
    },
  });
  new Gauge({
    name: 'millrace_breaker_open',
    help: '1 while a level is left alone because it kept failing.',
    labelNames: ['model', 'level'],
    registers,
    collect() {
      this.reset();
      for (const {definition, service} of models())
        for (const {level, breaker} of service.levels())
          this.set({model: definition.name, level}, breaker === 'closed' ? 0 : 1);
    },
  });
  new Counter({
    name: 'millrace_predictions_unlogged_total',
    help: 'Predictions that were answered and that the log had no room for.',
    labelNames: ['model'],
    registers,
    collect() {
      this.reset();
      for (const {definition, unlogged} of models()) this.inc({model: definition.name}, unlogged);
    },
  });
  new Gauge({
    name: 'millrace_predictions_unwritten',
    help: 'Predictions that would be missing from the log if the process died now.',
    registers,
    collect() {
      this.set(host.runtime.predictions.unwritten);
    },
  });
  new Gauge({
    name: 'millrace_precomputed_hit_rate',
    help: 'Share of requests that were answered from what was made beforehand.',
    labelNames: ['model'],
    registers,
    collect() {
      this.reset();
      for (const {definition, hybrid} of models()) {
        const rate = hybrid?.figures(host.runtime.clock.now()).hitRate;
        if (rate !== null && rate !== undefined) this.set({model: definition.name}, rate);
      }
    },
  });
  new Counter({
    name: 'millrace_requests_shed_total',
    help: 'Requests for predictions under overload: refused with 429, or degraded to a fallback level.',
    labelNames: ['how'],
    registers,
    collect() {
      this.reset();
      const {refused, degraded} = admission.counts;
      const elsewhere = host.workers?.shed;
      this.inc({how: 'refused'}, refused + (elsewhere?.refused ?? 0));
      this.inc({how: 'degraded'}, degraded + (elsewhere?.degraded ?? 0));
    },
  });
  new Gauge({
    name: 'millrace_overloaded',
    help: '1 while the server turns requests away or degrades them because it cannot keep up.',
    registers,
    collect() {
      this.set(admission.overloaded ? 1 : 0);
    },
  });
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: 'millrace_event_loop_utilization',
    help: 'Share of the time since it was asked last that the event loop was busy: 1 is saturation.',
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
  new Gauge({
    name: 'millrace_workers',
    help: 'Worker processes that there should be, and those that take connections.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      const {workers} = host;
      if (workers === null) return;
      this.set({state: 'wanted'}, workers.state.wanted);
      this.set({state: 'ready'}, workers.state.ready);
    },
  });
  new Counter({
    name: 'millrace_workers_lost_total',
    help: 'Worker processes that ended without being told to.',
    registers,
    collect() {
      this.reset();
      this.inc(host.workers?.state.losses ?? 0);
    },
  });
}
