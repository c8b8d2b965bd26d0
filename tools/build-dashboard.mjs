// Writes templates/observability/grafana-dashboard.json.
// Run: node tools/build-dashboard.mjs && npx biome format --write templates/observability
// The panels are written down here, a line or two for each; what Grafana wants around them is made.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

const SOURCE = {type: 'prometheus', uid: '$source'};
const MODEL = 'model=~"$model"';
const WIDTH = 24;
const HEIGHT = 8;

/** `queries`: [expression, legend], several or one. Drawn as lines unless `type` says otherwise. */
const panel = (title, description, queries, {unit = 'short', width = 8, type = 'timeseries', max, min = 0} = {}) => ({
  title,
  description,
  type,
  width,
  datasource: SOURCE,
  targets: queries.map(([expr, legendFormat], i) => ({
    refId: String.fromCharCode(65 + i),
    datasource: SOURCE,
    expr,
    legendFormat,
    range: type === 'timeseries',
    instant: type !== 'timeseries',
  })),
  fieldConfig: {
    defaults: {
      unit,
      ...(min === null ? {} : {min}),
      ...(max === undefined ? {} : {max}),
      ...(type === 'timeseries' ? {custom: {lineWidth: 1, fillOpacity: 0, showPoints: 'never', spanNulls: true}} : {}),
    },
    overrides: [],
  },
  options:
    type === 'timeseries'
      ? {legend: {displayMode: 'list', placement: 'bottom', showLegend: true}, tooltip: {mode: 'multi', sort: 'desc'}}
      : {reduceOptions: {calcs: ['lastNotNull'], fields: '', values: false}, orientation: 'auto'},
});

const BURN = ['5m', '1h', '6h', '3d'];
const bounds = (metric, source) =>
  ['value', 'low', 'high'].map(bound => [
    `millrace_performance_${source}{${MODEL}, metric="${metric}", bound="${bound}"}`,
    `{{model}} ${source} ${bound}`,
  ]);

const ROWS = [
  [
    'Promises: what users were told to expect',
    panel(
      'Error budget left',
      'Below 0 the promise is broken.',
      [[`millrace_slo_budget_left{${MODEL}}`, '{{model}} {{slo}}']],
      {
        type: 'stat',
        unit: 'percentunit',
        min: null,
      },
    ),
    panel(
      'Burn rate',
      '1 uses the budget up at the end of its window; 14.4 over an hour pages.',
      BURN.map(over => [`millrace_slo_burn_rate{${MODEL}, over="${over}"}`, `{{model}} {{slo}} ${over}`]),
    ),
    panel('Open alerts and incidents', 'Pages are for consequence; drift is a ticket.', [
      [`sum by (kind, severity) (millrace_alerts_open{${MODEL}})`, '{{severity}} {{kind}}'],
      [`sum by (severity) (millrace_incidents_open{${MODEL}})`, 'incidents: {{severity}}'],
    ]),
  ],
  [
    'Performance: with labels, and before they come',
    panel(
      'AUC',
      'Realised on the newest window whose labels are in, and estimated on the newest window; with 95 % intervals.',
      [...bounds('auc', 'realised'), ...bounds('auc', 'estimated')],
      {min: null},
    ),
    panel(
      'Log loss and Brier score',
      'Lower is better.',
      ['logLoss', 'brier'].flatMap(metric => [
        [`millrace_performance_realised{${MODEL}, metric="${metric}", bound="value"}`, `{{model}} ${metric} realised`],
        [
          `millrace_performance_estimated{${MODEL}, metric="${metric}", bound="value"}`,
          `{{model}} ${metric} estimated`,
        ],
      ]),
    ),
    panel(
      'Labels',
      'Predictions that wait for theirs, and those that never got one.',
      [
        [`millrace_labels_pending_share{${MODEL}}`, '{{model}} pending in the newest window'],
        [`millrace_labels_unknown_share{${MODEL}}`, '{{model}} never came'],
      ],
      {unit: 'percentunit', max: 1},
    ),
    panel(
      'Age of what is known',
      'Since the end of the newest window, and of the newest one that is scored.',
      [
        [`time() - millrace_window_end_timestamp_seconds{${MODEL}}`, '{{model}} window'],
        [`time() - millrace_scored_window_end_timestamp_seconds{${MODEL}}`, '{{model}} scored'],
      ],
      {unit: 's'},
    ),
    panel('Labels waited for', 'Predictions whose label window is open.', [
      [`millrace_labels_pending{${MODEL}}`, '{{model}}'],
    ]),
    panel('Version in charge', 'Steps are deploys.', [[`millrace_champion_version{${MODEL}}`, '{{model}}']]),
  ],
  [
    'Predictions',
    panel(
      'Predictions a second',
      'By model.',
      [[`sum by (model) (rate(millrace_predictions_total{${MODEL}}[$__rate_interval]))`, '{{model}}']],
      {unit: 'reqps'},
    ),
    panel(
      'Not answered by the model itself',
      'Share of answers by a step of the fallback chain.',
      [
        [
          `sum by (model, level) (rate(millrace_predictions_by_level_total{${MODEL}, level!~"model|sticky|cached|precomputed"}[$__rate_interval])) / on (model) group_left sum by (model) (rate(millrace_predictions_total{${MODEL}}[$__rate_interval]))`,
          '{{model}} {{level}}',
        ],
      ],
      {unit: 'percentunit', max: 1},
    ),
    panel('Mean prediction and drift', 'De-biased PSI of predictions against the reference.', [
      [`millrace_prediction_mean{${MODEL}}`, '{{model}} mean'],
      [`millrace_prediction_drift_effect{${MODEL}}`, '{{model}} PSI'],
    ]),
  ],
  [
    'Features and inputs',
    panel('Drift of watched features', 'De-biased PSI of the newest window; 0.2 is a change that matters.', [
      [`millrace_drift_effect{${MODEL}}`, '{{model}} {{feature}}'],
    ]),
    panel('Features that drift', 'Significant and large.', [
      [`sum by (model) (millrace_drift_detected{${MODEL}})`, '{{model}}'],
    ]),
    panel('Drift of inputs', 'Fields of requests, as they came.', [
      [`millrace_input_drift_effect{${MODEL}}`, '{{model}} {{field}}'],
    ]),
    panel('All features at once', 'Whether rows of the window can be told from the reference.', [
      [`millrace_multivariate_drift{${MODEL}}`, '{{model}} {{method}}'],
    ]),
    panel('Broken checks', 'Rules about data that do not hold.', [
      [`millrace_quality_checks_broken{${MODEL}}`, '{{model}} {{severity}}'],
    ]),
    panel(
      'Rows that break a check',
      'Share of the rows that were looked at.',
      [[`millrace_quality_broken_share{${MODEL}}`, '{{model}} {{check}}']],
      {unit: 'percentunit', max: 1},
    ),
  ],
  [
    'Service',
    panel(
      'Requests a second',
      'By status.',
      [['sum by (status) (rate(millrace_http_request_seconds_count[$__rate_interval]))', '{{status}}']],
      {unit: 'reqps'},
    ),
    panel(
      'Latency of predictions',
      'Of the whole request.',
      ['0.5', '0.95', '0.99'].map(q => [
        `histogram_quantile(${q}, sum by (le) (rate(millrace_http_request_seconds_bucket{route=~"/v[12]/models/.*"}[$__rate_interval])))`,
        `p${Number(q) * 100}`,
      ]),
      {unit: 's'},
    ),
    panel(
      'Errors and refusals',
      'Requests that could not be answered, and those under overload.',
      [
        [`sum by (model) (rate(millrace_prediction_errors_total{${MODEL}}[$__rate_interval]))`, '{{model}} failed'],
        ['sum by (how) (rate(millrace_requests_shed_total[$__rate_interval]))', '{{how}}'],
      ],
      {unit: 'reqps'},
    ),
    panel(
      'Saturation',
      'The event loop is one thread: 1 is all of it.',
      [
        ['millrace_event_loop_utilization', 'busy'],
        ['millrace_overloaded', 'overloaded'],
      ],
      {unit: 'percentunit', max: 1},
    ),
    panel(
      'Lag of the event loop',
      'What every request waits for.',
      [
        ['nodejs_eventloop_lag_p50_seconds', 'p50'],
        ['nodejs_eventloop_lag_p99_seconds', 'p99'],
      ],
      {unit: 's'},
    ),
    panel(
      'Memory',
      'Of the process.',
      [
        ['process_resident_memory_bytes', 'resident'],
        ['nodejs_heap_size_used_bytes', 'heap'],
      ],
      {unit: 'bytes'},
    ),
    panel('Prediction log', 'What would be lost if the process died now, and what had no room.', [
      ['millrace_predictions_unwritten', 'not written yet'],
      [
        `sum by (model) (rate(millrace_predictions_unlogged_total{${MODEL}}[$__rate_interval]))`,
        '{{model}} unlogged a second',
      ],
    ]),
    panel(
      'Events a second',
      'Into the log.',
      [['sum by (stream) (rate(millrace_events_total[$__rate_interval]))', '{{stream}}']],
      {unit: 'short'},
    ),
    panel('Messages to people', 'On their way, tried in vain, and given up.', [
      ['sum by (channel) (millrace_deliveries_waiting)', '{{channel}} waiting'],
      ['sum by (channel) (millrace_deliveries_waiting{tried="yes"})', '{{channel}} tried again'],
      ['sum by (channel) (millrace_deliveries_failed)', '{{channel}} given up'],
    ]),
  ],
];

function laidOut() {
  const panels = [];
  let y = 0;
  for (const [title, ...inside] of ROWS) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: {x: 0, y, w: WIDTH, h: 1},
    });
    y += 1;
    let x = 0;
    for (const {width, ...one} of inside) {
      if (x + width > WIDTH) {
        x = 0;
        y += HEIGHT;
      }
      panels.push({id: panels.length + 1, ...one, gridPos: {x, y, w: width, h: HEIGHT}});
      x += width;
    }
    y += HEIGHT;
  }
  return panels;
}

const annotation = (name, expr, iconColor, titleFormat, textFormat) => ({
  name,
  expr,
  iconColor,
  titleFormat,
  textFormat,
  datasource: SOURCE,
  enable: true,
  hide: false,
  step: '60s',
});

const dashboard = {
  uid: 'millrace',
  title: 'Millrace',
  description:
    'Models in production: promises, performance, predictions, features and the service. Made by tools/build-dashboard.mjs of Millrace.',
  tags: ['millrace'],
  schemaVersion: 41,
  version: 1,
  editable: true,
  graphTooltip: 1,
  timezone: 'browser',
  refresh: '1m',
  time: {from: 'now-24h', to: 'now'},
  timepicker: {},
  fiscalYearStartMonth: 0,
  links: [],
  annotations: {
    list: [
      annotation(
        'Deploys',
        `millrace_champion_version{${MODEL}} != millrace_champion_version{${MODEL}} offset 1m`,
        'blue',
        'Deploy',
        '{{model}}: another version is in charge',
      ),
      annotation(
        'Pages',
        'ALERTS{alertname=~"Millrace.*", alertstate="firing", severity="page"}',
        'red',
        '{{alertname}}',
        '{{model}}',
      ),
    ],
  },
  templating: {
    list: [
      {
        name: 'source',
        label: 'Data source',
        type: 'datasource',
        query: 'prometheus',
        refresh: 1,
        hide: 0,
        includeAll: false,
        multi: false,
        regex: '',
        options: [],
      },
      {
        name: 'model',
        label: 'Model',
        type: 'query',
        datasource: SOURCE,
        definition: 'label_values(millrace_predictions_total, model)',
        query: {query: 'label_values(millrace_predictions_total, model)', refId: 'model'},
        refresh: 2,
        sort: 1,
        hide: 0,
        includeAll: true,
        allValue: '.*',
        multi: true,
        regex: '',
        options: [],
      },
    ],
  },
  panels: laidOut(),
};

const file = process.argv[2] ?? join(import.meta.dirname, '../templates/observability/grafana-dashboard.json');
writeFileSync(file, `${JSON.stringify(dashboard, null, 2)}\n`);
