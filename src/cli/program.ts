import {readFileSync} from 'node:fs';
import {Command, CommanderError} from 'commander';
import {auditCommand} from './commands/audit.ts';
import {batchCommand} from './commands/batch.ts';
import {checkCommand} from './commands/check.ts';
import {clientCommand, openApiCommand} from './commands/client.ts';
import {compressCommand} from './commands/compress.ts';
import {consistencyCommand} from './commands/consistency.ts';
import {datasetCommand} from './commands/dataset.ts';
import {deployCommand} from './commands/deploy.ts';
import {eraseCommand} from './commands/erase.ts';
import {evaluateCommand} from './commands/evaluate.ts';
import {exportCommand} from './commands/export.ts';
import {featuresCommand} from './commands/features.ts';
import {incidentsCommand} from './commands/incidents.ts';
import {ingestCommand} from './commands/ingest.ts';
import {initCommand} from './commands/init.ts';
import {keysCommand} from './commands/keys.ts';
import {logCommand} from './commands/log.ts';
import {modelsCommand} from './commands/models.ts';
import {monitorCommand} from './commands/monitor.ts';
import {observabilityCommand} from './commands/observability.ts';
import {predictCommand} from './commands/predict.ts';
import {quarantineCommand} from './commands/quarantine.ts';
import {quickstartCommand} from './commands/quickstart.ts';
import {retrainCommand} from './commands/retrain.ts';
import {schemaCommand} from './commands/schema.ts';
import {serveCommand} from './commands/serve.ts';
import {serveFeaturesCommand} from './commands/serve-features.ts';
import {silenceCommand} from './commands/silence.ts';
import {trainCommand} from './commands/train.ts';
import {EXIT, EXIT_HELP, exitCodeOf} from './exit-codes.ts';
import {MANIFEST} from './packaged.ts';
import {errorJson, printError} from './print-error.ts';
import {Terminal} from './terminal/terminal.ts';

/** In the order in which a project meets them. */
const COMMANDS = [
  initCommand,
  checkCommand,
  schemaCommand,
  ingestCommand,
  quarantineCommand,
  featuresCommand,
  datasetCommand,
  trainCommand,
  evaluateCommand,
  modelsCommand,
  deployCommand,
  predictCommand,
  batchCommand,
  compressCommand,
  exportCommand,
  serveCommand,
  clientCommand,
  openApiCommand,
  serveFeaturesCommand,
  monitorCommand,
  incidentsCommand,
  silenceCommand,
  observabilityCommand,
  consistencyCommand,
  retrainCommand,
  logCommand,
  eraseCommand,
  keysCommand,
  auditCommand,
  quickstartCommand,
];

/** Runs one command line and answers with its exit code. Never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal = new Terminal()): Promise<number> {
  const {version} = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {version: string};
  const program = new Command('millrace')
    .description('From raw events to a monitored, continually learning production model, in one process.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .configureOutput({
      writeOut: text => terminal.print(text.replace(/\n$/, '')),
      writeErr: text => terminal.note(text.replace(/\n$/, '')),
    })
    .addHelpText('after', `\n${EXIT_HELP}\n\nExample:\n  millrace quickstart --rows 300000`);
  for (const add of COMMANDS) add(program, terminal);
  try {
    await program.parseAsync(args, {from: 'user'});
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    printError(terminal, error);
    if (args.includes('--json')) terminal.printJson({error: errorJson(error)});
    return exitCodeOf(error);
  }
}
