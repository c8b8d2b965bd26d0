// Features, their versions and their lineage as lines of the terminal.
import type {DefinitionRecord, FeatureDetail, FeatureRecord, Lineage} from '../../protocol/index.ts';
import {day, percent} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';

const versionText = (version: number | null): string => (version === null ? '' : `v${version}`);

export function printFeatures(
  records: readonly FeatureRecord[],
  definitions: readonly DefinitionRecord[],
  terminal: Terminal,
): void {
  const rows = records.map(f => [
    f.name,
    f.type,
    f.view ?? 'request',
    versionText(f.version),
    f.entity ?? '',
    f.definition,
    f.about.owner,
    f.about.sensitivity === 'personal' ? 'personal' : '',
    f.usedBy.join(', '),
  ]);
  const titles = ['feature', 'type', 'view', '', 'per', 'definition', 'owner', 'data', 'read by'];
  const shown = titles.map((_, i) => i < 2 || rows.some(row => row[i] !== ''));
  const keep = (cells: readonly string[]): string[] => cells.filter((_, i) => shown[i]);
  for (const line of table(
    keep(titles).map(title => ({title})),
    rows.map(keep),
    terminal.style.dim,
  ))
    terminal.print(line);
  const unused = definitions.flatMap(({name, versions}) =>
    versions.flatMap(({number, unusedSince}) =>
      unusedSince === null ? [] : [`${name} v${number} (since ${day(unusedSince)})`],
    ),
  );
  if (unused.length > 0) terminal.print(`\nUsed by nobody any more: ${unused.join(', ')}.`);
}

export function printFeature(
  {feature, definition, derivedFrom, derivedInto, readers}: FeatureDetail,
  terminal: Terminal,
): void {
  const {bold, dim} = terminal.style;
  const {about} = feature;
  terminal.print(bold(feature.name));
  const facts: [string, string | null][] = [
    ['about', about.description || null],
    ['type', feature.type],
    ['definition', feature.definition],
    ['view', feature.view && `${feature.view} ${versionText(feature.version)}`.trim()],
    ['entity', feature.entity],
    ['stream', feature.source],
    ['columns', feature.columns.join(', ') || null],
    ['window', feature.window],
    ['known', feature.origin === 'request' ? 'at the request' : 'from events before the request'],
    ['derived from', derivedFrom.join(', ') || null],
    ['derived into', derivedInto.join(', ') || null],
    ['owner', about.owner || null],
    ['tags', about.tags.join(', ') || null],
    ['sensitivity', about.sensitivity === 'personal' ? 'personal: data about a person' : about.sensitivity],
    ['read by', feature.usedBy.join(', ') || 'no model'],
  ];
  for (const [fact, value] of facts) if (value !== null) terminal.print(`  ${dim(fact.padEnd(14))}${value}`);
  if (definition) printVersions(definition, terminal);
  if (readers.length === 0) return;
  terminal.print('\nModel versions that read it');
  for (const line of table(
    [{title: 'version'}, {title: 'status'}, {title: 'trained with'}, {title: 'gain', align: 'right'}],
    readers.map(r => [`${r.model} v${r.version}`, r.status, versionText(r.definition), percent(r.importance)]),
    dim,
  ))
    terminal.print(line);
}

function printVersions({name, current, versions}: DefinitionRecord, terminal: Terminal): void {
  const {dim} = terminal.style;
  terminal.print(`\nVersions of ${name}`);
  for (const {number, firstSeenAt, changes, unusedSince} of versions) {
    const state =
      number === current ? 'current' : unusedSince === null ? 'used by a model' : `unused since ${day(unusedSince)}`;
    terminal.print(`  v${number}  ${day(firstSeenAt)}  ${state}`);
    for (const {sentence} of changes) terminal.print(`      ${dim('·')} ${sentence}`);
  }
}

/** What a feature is made of and what is made of it, as two trees; what stands there already is not opened again. */
export function printLineage({feature, nodes, edges}: Lineage, terminal: Terminal): void {
  const {bold, dim} = terminal.style;
  const root = `feature:${feature}`;
  const tree = (next: (id: string) => readonly {readonly id: string; readonly role: string}[]) => {
    const seen = new Set<string>();
    const visit = (id: string, depth: number, role: string) => {
      const node = nodes.find(candidate => candidate.id === id)!;
      const again = seen.has(id);
      seen.add(id);
      const note = `${role === 'value' ? '' : `${role}, `}${node.detail}${node.personal ? ', personal' : ''}`;
      terminal.print(`${'  '.repeat(depth)}${node.name}  ${dim(again ? 'as above' : note)}`);
      if (!again) for (const child of next(id)) visit(child.id, depth + 1, child.role);
    };
    for (const child of next(root)) visit(child.id, 1, child.role);
  };
  terminal.print(`${bold(feature)} is made of`);
  tree(id => edges.filter(edge => edge.to === id).map(({from, role}) => ({id: from, role})));
  terminal.print(`\n${bold(feature)} goes into`);
  tree(id => edges.filter(edge => edge.from === id).map(({to, role}) => ({id: to, role})));
}
