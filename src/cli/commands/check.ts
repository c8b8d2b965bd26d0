import type {Command} from 'commander';
import {checkProject, type Finding, loadProject, PROJECT_RULES} from '../../app/index.ts';
import {EXIT} from '../exit-codes.ts';
import {type ProjectOptions, projectOptions} from '../options.ts';
import {plural} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

type Options = ProjectOptions & {readonly json?: true; readonly list?: true; readonly strict?: true};

export function checkCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('check'))
    .summary('find mistakes in a project before anything runs')
    .description(
      'Applies every rule to the definitions and the files of the sources, and prints all that is wrong at once.',
    )
    .option('--strict', 'fail on warnings too')
    .option('--list', 'print the rules')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  millrace check --project examples/flights --strict')
    .action((options: Options) => check(options, terminal));
}

async function check(options: Options, terminal: Terminal): Promise<void> {
  const {style} = terminal;
  if (options.list) {
    const rows = PROJECT_RULES.map(({name, severity, rule}) => [name, severity, rule]);
    for (const line of table([{title: 'rule'}, {title: 'severity'}, {title: ''}], rows, style.dim))
      terminal.print(line);
    return;
  }
  const project = await loadProject(options.project);
  const findings = await checkProject(project, {folder: folderOf(project, options)});
  const errors = findings.filter(finding => finding.severity === 'error').length;
  if (options.json) terminal.printJson(findings);
  else {
    for (const finding of findings) printFinding(finding, terminal);
    const {sources, views, models} = project;
    const seen = `${plural(sources.length, 'source')}, ${plural(views.length, 'view')}, ${plural(models.length, 'model')}`;
    terminal.print(
      findings.length === 0
        ? `${style.green('✓')} ${project.name}: ${seen}, nothing wrong by ${PROJECT_RULES.length} rules.`
        : `${project.name}: ${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}.`,
    );
  }
  if (errors > 0 || (options.strict && findings.length > 0)) process.exitCode = EXIT.failed;
}

function printFinding({check: name, severity, subject, message, fix}: Finding, terminal: Terminal): void {
  const {red, yellow, bold, dim} = terminal.style;
  terminal.print(
    `${severity === 'error' ? red('error') : yellow('warn ')} ${bold(subject)}  ${message} ${dim(`[${name}]`)}`,
  );
  terminal.print(`      ${bold('→')} ${fix}`);
}
