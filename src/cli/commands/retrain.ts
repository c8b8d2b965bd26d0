import type {Command} from 'commander';
import {findModel, LivePlatform} from '../../app/index.ts';
import {MillraceError, type Retrain} from '../../protocol/index.ts';
import {EXIT} from '../exit-codes.ts';
import {type ProjectOptions, projectOptions} from '../options.ts';
import {Story} from '../quickstart/story.ts';
import {Progress} from '../terminal/progress.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {readonly reason: string; readonly json?: true};

export function retrainCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('retrain'))
    .summary('train a challenger now, and start its rollout')
    .description(
      'Trains on what is known now and judges the gates. A challenger that passes starts in shadow; a server that runs afterwards leads it on by the rollout policy. Exits with 3 if it is rejected.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option('--reason <text>', 'why, for the record', 'Asked for by hand.')
    .option('--json', 'print the retrain as JSON')
    .addHelpText('after', '\nExample:\n  millrace retrain lateness --reason "new airports"')
    .action((model: string | undefined, options: Options) => retrain(model, options, terminal));
}

async function retrain(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const progress = new Progress(terminal);
  const story = new Story(terminal);
  await withRuntime(options, async runtime => {
    const {name, retrain: policy} = findModel(runtime.project, model);
    if (!(await runtime.registry.plan(name)))
      throw new MillraceError('NOT_READY', `No version of '${name}' is deployed, so there is nothing to challenge.`, {
        fix: 'Run millrace train and millrace deploy first.',
      });
    const platform = await LivePlatform.open(runtime, {
      training: 'wait',
      // The training is waited for here, so its version exists when it is done.
      ...(policy ? {policy: {...policy, takesMs: 0}} : {}),
      onStep: step => story.retrain(step),
      onTraining: (message, done, of) => progress.update({title: message, done, of}),
    });
    const {id} = await platform.retrain(name, options.reason);
    await platform.drivers.get(name)!.tick(runtime.clock.now());
    progress.clear();
    await platform.checkpoint();
    const retrain: Retrain = (await runtime.retrains.list(name)).find(r => r.id === id)!;
    if (options.json) terminal.printJson(retrain);
    else
      terminal.print(
        retrain.outcome === 'rejected'
          ? `Retrain ${id} was rejected: ${retrain.steps.at(-1)?.message}`
          : `Version ${retrain.challenger} is in ${retrain.outcome}. millrace serve leads it on.`,
      );
    if (retrain.outcome === 'rejected') process.exitCode = EXIT.gatesFailed;
  }).finally(() => progress.clear());
}
