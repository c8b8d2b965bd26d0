// A folder with the couriers' model, trained and deployed, and the command line over it in this process.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {couriers, deploy, openAt} from '../../src/app/batch/batch.fixture.ts';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';

const PROJECT = resolve(import.meta.dirname, '../projects/couriers');

export async function deployedCouriers() {
  const folder = mkdtempSync(join(tmpdir(), 'cli-couriers-'));
  const runtime = await openAt(await couriers(), folder);
  await deploy(runtime);
  await runtime.close();
  return {
    folder,
    remove: () => rmSync(folder, {recursive: true}),
    /** `millrace <command…> --project … --data … <options…>` */
    run: async (command: readonly string[], options: readonly string[]) => {
      let out = '';
      let err = '';
      const terminal = new Terminal({
        stdout: {write: (text: string) => (out += text)},
        stderr: {write: (text: string) => (err += text)},
        env: {},
      });
      const code = await runProgram([...command, '--project', PROJECT, '--data', folder, ...options], terminal);
      return {code, out, err};
    },
  };
}
