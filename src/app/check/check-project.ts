import {historyRange} from '../../events/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {Project} from '../project/project.ts';
import {sourceFolder} from '../runtime/history.ts';
import {dataFolder} from '../runtime/open.ts';
import type {Finding, ProjectCheck, Span} from './check.ts';
import {PROJECT_CHECKS} from './project-checks.ts';

const SOURCE_FILES = {
  name: 'source-files',
  severity: 'error',
  rule: 'The files of a source are there, and fit its schema.',
} as const;

/** All rules, for people to read. */
export const PROJECT_RULES: readonly Pick<ProjectCheck, 'name' | 'severity' | 'rule'>[] = [
  SOURCE_FILES,
  ...PROJECT_CHECKS,
];

/**
 * Everything that can be seen to be wrong with a project before anything runs, errors first. Looks at the
 * definitions and at the files of the sources; opens no store of the project, so it may run beside a server.
 */
export async function checkProject(
  project: Project,
  {folder = dataFolder(project)}: {readonly folder?: string} = {},
): Promise<Finding[]> {
  const {spans, findings} = await lookAtFiles(project, folder);
  for (const {name, severity, find} of PROJECT_CHECKS)
    for (const wrong of find({project, spans})) findings.push({check: name, severity, ...wrong});
  const order = (finding: Finding) => (finding.severity === 'error' ? 0 : 1);
  return findings.sort((a, b) => order(a) - order(b));
}

/** The files of the sources: there, readable, and with the declared columns. */
async function lookAtFiles(project: Project, folder: string): Promise<{spans: Map<string, Span>; findings: Finding[]}> {
  const spans = new Map<string, Span>();
  const findings: Finding[] = [];
  const sql = await openDuckDb({});
  try {
    for (const source of project.sources) {
      if (source.from?.kind !== 'file') continue;
      const found = (severity: Finding['severity'], message: string, fix: string) =>
        findings.push({check: SOURCE_FILES.name, severity, subject: `source ${source.name}`, message, fix});
      try {
        const span = await historyRange(source, sql, sourceFolder(project, folder));
        if (span) spans.set(source.name, span);
        else found('warn', 'Its files hold no event.', 'Bring some history.');
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error;
        // Files that the project makes itself need not be there yet.
        if (error.code === 'SOURCE_NOT_FOUND' && project.prepare !== null) continue;
        found('error', error.message, error.fix ?? 'Mend the files, or what is declared about them.');
      }
    }
  } finally {
    await sql.close();
  }
  return {spans, findings};
}
