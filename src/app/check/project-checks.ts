import {columnsOf, reachMs} from '../../features/index.ts';
import {readOnnx} from '../../models/index.ts';
import {formatDuration, MillraceError, nearest} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {readModelFile} from '../imported/read-model-file.ts';
import {modelCheck, type ProjectCheck, type Wrong} from './check.ts';
import {NOTIFICATION_CHECKS} from './notification-checks.ts';

/** Time until a rollout can end: its stages, and after each the labels of its last predictions. */
const rolloutMs = ({rollout: {shadow, canary}, label}: ModelDefinition): number =>
  shadow.forMs + label.withinMs + canary.steps.reduce((sum, {forMs}) => sum + forMs + label.withinMs, 0);

/** Features that a model reads, itself or through a derived one. */
function readBy({inputs, features}: ModelDefinition): ReadonlySet<string> {
  const derived = new Map(features.derived.map(feature => [feature.name, columnsOf(feature.node)]));
  return new Set(inputs.flatMap(input => [input, ...(derived.get(input) ?? [])]));
}

/**
 * What can be seen to be wrong before anything runs. What a definition can say by itself it refuses when it is
 * made; these rules need two definitions at once, or the data. Each is small, and all run every time.
 */
export const PROJECT_CHECKS: readonly ProjectCheck[] = [
  {
    name: 'has-model',
    severity: 'warn',
    rule: 'A project defines a model.',
    *find({project}) {
      if (project.models.length === 0 && project.imported.length === 0)
        yield {
          subject: `project ${project.name}`,
          message: 'The project file exports no model; only ingest and features work.',
          fix: 'Export what model() returns.',
        };
    },
  },
  {
    name: 'imported-file',
    severity: 'error',
    rule: 'The file of an imported model is there, and can be read.',
    *find({project}) {
      for (const {name, from} of project.imported)
        try {
          readOnnx(readModelFile(project.folder, from).bytes);
        } catch (error) {
          if (!(error instanceof MillraceError)) throw error;
          yield {subject: `imported model ${name}`, message: error.message, fix: error.fix ?? 'Mend the file.'};
        }
    },
  },
  {
    name: 'cut-delay',
    severity: 'warn',
    rule: 'A view that is read as of cuts has a delay, in which they are computed.',
    *find({project}) {
      for (const {name, views} of project.sets)
        for (const {view, refresh} of views)
          if (refresh?.delayMs === 0)
            yield {
              subject: `feature set ${name}`,
              message: `'${view.name}' is read as of cuts without a delay: after each cut answers are stale until it is computed.`,
              fix: "Give a delay of more than twice the time that takes: use(view, fields, {refresh: '1d', delay: '1h'}).",
            };
    },
  },
  modelCheck('label-leak', 'error', 'A label comes from another stream than the decisions.', function* (model) {
    if (model.label.source.name === model.decisions.name)
      yield {
        message: `Label '${model.label.name}' is read from '${model.decisions.name}', whose events are the decisions: it would be known before it is predicted.`,
        fix: 'Read the label from the stream that brings it later.',
      };
  }),
  modelCheck('label-delay', 'error', 'A label arrives before its window closes.', function* ({label}) {
    const {source, withinMs} = label;
    if (source.delayMs >= withinMs)
      yield {
        message: `'${source.name}' arrives ${formatDuration(source.delayMs)} late, and label '${label.name}' waits ${formatDuration(withinMs)} only: no label would be known in time.`,
        fix: `Give the label a window longer than ${formatDuration(source.delayMs)}.`,
      };
  }),
  modelCheck('label-window', 'error', 'A label window is shorter than the history.', function* (model, {spans}) {
    const span = spans.get(model.decisions.name);
    const {name, withinMs} = model.label;
    if (span && span.to - span.from <= withinMs)
      yield {
        message: `Label '${name}' closes after ${formatDuration(withinMs)}, but the history of '${model.decisions.name}' spans ${formatDuration(span.to - span.from)}: no label has closed.`,
        fix: 'Bring more history, or shorten the window of the label.',
      };
  }),
  modelCheck('split-gap', 'error', 'Every split is longer than the gap before it.', function* (model, {spans}) {
    const span = spans.get(model.decisions.name);
    if (!span || span.to - span.from <= model.label.withinMs) return;
    const {train, validation} = model.split;
    const shortest = Math.min(validation, 1 - train - validation) * (span.to - span.from);
    if (shortest <= model.label.withinMs)
      yield {
        message: `The shortest split spans ${formatDuration(shortest)} of the history, and the gap before it, one label window, takes ${formatDuration(model.label.withinMs)}: nothing is left.`,
        fix: 'Bring more history, shorten the label window, or give the split a larger share.',
      };
  }),
  {
    name: 'view-of-decision',
    severity: 'error',
    rule: 'A view is not keyed by the id of the decision.',
    *find({project}) {
      for (const {name, source, keys} of project.views)
        for (const {decisions, label} of project.models)
          for (const column of Object.values(keys))
            if (
              (source.name === decisions.name && column === decisions.id) ||
              (source.name === label.source.name && column === label.on)
            )
              yield {
                subject: `view ${name}`,
                message: `Its key '${column}' is the id of a decision in '${decisions.name}': nothing with that id lies before the decision, so it is always empty.`,
                fix: 'Key it by something that comes again, such as a user or a place.',
              };
    },
  },
  {
    name: 'view-of-decisions',
    severity: 'warn',
    rule: 'A view does not read the stream of the decisions.',
    *find({project}) {
      for (const {name, source} of project.views)
        for (const {decisions} of project.models)
          if (source.name === decisions.name)
            yield {
              subject: `view ${name}`,
              message: `It reads '${source.name}', whose events are decisions. A request for a prediction is no event: live, it sees only what is pushed to the stream.`,
              fix: `Push every decision to /v1/events/${source.name} as well, or read another stream.`,
            };
    },
  },
  {
    name: 'view-delay',
    severity: 'error',
    rule: 'A window is longer than the delay of its source.',
    *find({project}) {
      for (const {name, source, features} of project.views)
        for (const feature of features)
          if (reachMs(feature.over) <= source.delayMs)
            yield {
              subject: `view ${name}`,
              message: `'${feature.name}' looks back ${feature.window}, but events of '${source.name}' arrive ${formatDuration(source.delayMs)} after their time: it is always empty.`,
              fix: `Use windows longer than ${formatDuration(source.delayMs)}.`,
            };
    },
  },
  {
    name: 'feature-unused',
    severity: 'warn',
    rule: 'Every feature is read by a model.',
    *find({project}) {
      if (project.models.length === 0) return;
      const read = new Set(project.models.flatMap(model => [...readBy(model)]));
      for (const {name, features} of project.views) {
        const unused = features.map(f => f.name).filter(feature => !read.has(feature));
        if (unused.length > 0)
          yield {
            subject: `view ${name}`,
            message: `No model reads ${unused.join(', ')}; the live state pays for ${unused.length === 1 ? 'it' : 'them'}.`,
            fix: 'Add them to the inputs of a model, or remove them.',
          };
      }
    },
  },
  modelCheck('id-as-feature', 'error', 'The id of a decision is no feature.', function* (model) {
    for (const {name, node} of model.features.derived)
      if (model.inputs.includes(name) && node.op === 'column' && node.name === model.decisions.id)
        yield {
          message: `The feature '${name}' is '${node.name}', the id of the decision: it is new every time and says nothing.`,
          fix: `Remove '${name}' from the feature set.`,
        };
  }),
  modelCheck('gate-rival', 'error', 'A gate compares with something that is evaluated.', function* (model) {
    const rivals = [...model.baselines, ...model.reduced];
    const known = [...rivals.map(rival => rival.name), 'incumbent'];
    for (const gate of model.gates) {
      if (!('rival' in gate) || known.includes(gate.rival)) continue;
      const [near] = nearest(gate.rival, known);
      yield {
        message: `A gate compares with '${gate.rival}', which is not evaluated.`,
        fix: `Add it to the baselines, or name one of ${known.join(', ')}${near ? `; did you mean ${near}?` : '.'}`,
      };
    }
  }),
  modelCheck('gate-slices', 'error', 'A gate about slices has slices to look at.', function* (model) {
    if (model.slices.length === 0 && model.gates.some(gate => gate.kind === 'slices'))
      yield {message: 'A gate looks at slices, but the model has none.', fix: "Add slices: [sliceBy('…')]."};
  }),
  modelCheck('gates', 'warn', 'A model has gates, and baselines to be compared with.', function* (model) {
    if (model.gates.length === 0)
      yield {
        message: 'It has no gates: whatever is trained may be deployed.',
        fix: "Add gates, such as beats('zero-rule', {metric: 'logLoss'}).",
      };
    if (model.baselines.length === 0)
      yield {message: 'It has no baselines: nobody sees what it is worth.', fix: 'Add baselines: [zeroRule()].'};
  }),
  modelCheck(
    'trigger-rule',
    'error',
    'A trigger of a retrain has a monitor rule that raises its alert.',
    function* ({retrain, monitor}) {
      const without = (name: string, rule: string): Omit<Wrong, 'subject'> => ({
        message: `A retrain fires on ${name} alerts, but the monitor has switched its ${rule} rule off: it never fires.`,
        fix: `Switch the ${rule} rule of the monitor on, or the trigger off.`,
      });
      if (retrain?.on.performance && monitor.performance === null) yield without('performance', 'performance');
      if (retrain?.on.calibration && monitor.calibration === null) yield without('calibration', 'calibration');
      if (retrain && retrain.on.driftAlerts !== null && monitor.drift === null && monitor.predictionDrift === null)
        yield without('drift', 'drift');
    },
  ),
  modelCheck(
    'retrain-window',
    'error',
    'A retrain sees closed labels in every split.',
    function* ({retrain, label, split}) {
      if (!retrain || retrain.windowMs === null) return;
      const shortest = Math.min(split.validation, 1 - split.train - split.validation) * retrain.windowMs;
      if (shortest <= label.withinMs)
        yield {
          message: `A retrain looks at the last ${formatDuration(retrain.windowMs)}; its shortest split spans ${formatDuration(shortest)}, less than one label window of ${formatDuration(label.withinMs)}.`,
          fix: 'Give the retrain a longer window.',
        };
    },
  ),
  modelCheck('rollout-time', 'error', 'A rollout can end before it gives up.', function* (model) {
    const needed = rolloutMs(model);
    if (needed >= model.rollout.giveUpAfterMs)
      yield {
        message: `A rollout needs ${formatDuration(needed)} at least, label windows of ${formatDuration(model.label.withinMs)} included, and gives up after ${formatDuration(model.rollout.giveUpAfterMs)}.`,
        fix: `Set giveUpAfter to more than ${formatDuration(needed)}, or shorten the stages.`,
      };
  }),
  modelCheck(
    'monitor-window',
    'warn',
    'Performance is known within seven monitor windows.',
    function* ({monitor, label}) {
      if (label.withinMs > 7 * monitor.windowMs)
        yield {
          message: `Labels close after ${formatDuration(label.withinMs)}, and a monitor window spans ${formatDuration(monitor.windowMs)}: performance is known ${Math.floor(label.withinMs / monitor.windowMs)} windows late.`,
          fix: 'Use longer monitor windows, or rely on the drift rules meanwhile.',
        };
    },
  ),
  modelCheck(
    'history',
    'warn',
    'The decisions and the labels have a history to train on.',
    function* ({decisions, label}) {
      for (const source of new Set([decisions, label.source]))
        if (source.from === null)
          yield {
            message: `'${source.name}' declares no origin, so there is nothing to train on until it is pushed.`,
            fix: `Declare from: parquet('…'), csv('…') or jsonLines('…') on '${source.name}'.`,
          };
    },
  ),
  modelCheck('described', 'warn', 'A model says what it is for and whose it is.', function* ({description, owner}) {
    if (description === '')
      yield {message: 'It has no description.', fix: 'Say in one sentence what it predicts and for whom.'};
    if (owner === '') yield {message: 'It has no owner.', fix: 'Name the team or person that answers for it.'};
  }),
  ...NOTIFICATION_CHECKS,
];
