#!/usr/bin/env node
// The command `millrace`.
import {runProgram} from './program.ts';

// Whoever reads the output may stop reading, as `head` does.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
  throw error;
});

process.exit(await runProgram(process.argv.slice(2)));
