// One report, or one comparison of stored profiles, in this process; a line of JSON says what it took.
// Run by drift-report.ts: node drift-report-run.js report|profiles <reference> <current>

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {reportFiles} from '../src/app/index.ts';
import {profileTable, sampleEdges} from '../src/app/report/profile-table.ts';
import {openTable} from '../src/app/report/table-file.ts';
import {compareProfiles, TableProfile} from '../src/monitoring/index.ts';
import {openDuckDb} from '../src/stores/duckdb/index.ts';

const [mode, reference, current] = process.argv.slice(2) as [string, string, string];

function print(found: Readonly<Record<string, unknown>>): void {
  const {user, system} = process.cpuUsage();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  console.log(
    JSON.stringify({...found, cpuSeconds: (user + system) / 1e6, seconds: performance.now() / 1e3, peakBytes}),
  );
}

if (mode === 'report') {
  const {columns} = await reportFiles({reference, current});
  print({drifted: columns.filter(({verdict}) => verdict === 'drift').length});
} else {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-profiles-'));
  const sql = await openDuckDb({threads: 2, memoryLimit: '1GB'});
  const tables = [await openTable(sql, reference, folder), await openTable(sql, current, folder)] as const;
  const edges = await sampleEdges(sql, tables[0]);
  const files = [join(folder, 'reference.json'), join(folder, 'current.json')] as const;
  for (const [i, table] of tables.entries())
    writeFileSync(files[i]!, JSON.stringify(await profileTable(sql, table, edges)));
  await sql.close();
  const read = (file: string) => TableProfile.fromJSON(JSON.parse(readFileSync(file, 'utf8')));
  const milliseconds: number[] = [];
  let drifted = 0;
  for (let k = 0; k < 9; k++) {
    const from = performance.now();
    const {columns} = compareProfiles(read(files[0]), read(files[1]));
    milliseconds.push(performance.now() - from);
    drifted = columns.filter(({drift}) => drift?.verdict === 'drift').length;
  }
  const bytes = files.map(file => readFileSync(file).length);
  rmSync(folder, {recursive: true, force: true});
  print({drifted, first: milliseconds[0], median: milliseconds.sort((a, b) => a - b)[4], bytes});
}
