// Loaded before a server of ours: profiles it between the messages 'start-profile' and 'stop-profile'.
import {startProfile} from '../../harness/profile.ts';

const FUNCTIONS = 40;

let stop: Awaited<ReturnType<typeof startProfile>> | null = null;
process.on('message', async message => {
  if (message === 'start-profile') {
    stop = await startProfile();
    process.send!('started');
  } else process.send!(await stop!(FUNCTIONS));
});
// The server ends when its own work has ended.
process.channel?.unref();
