/** A little real mail server: as much of SMTP (RFC 5321) as a client without pipelining needs. */

import {type AddressInfo, createServer, type Socket} from 'node:net';

export type Mail = {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body as they came. */
  readonly text: string;
  /** What AUTH PLAIN gave; null where nobody logged in. */
  readonly login: string | null;
};

type Options = {
  readonly port?: number;
  /** Answers to verbs in place of the usual ones; `null`: none at all. */
  readonly answers?: Readonly<Record<string, string | null>>;
};

export async function startMailServer({port = 0, answers = {}}: Options = {}): Promise<{
  readonly port: number;
  readonly mails: Mail[];
  close(): Promise<void>;
}> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket, answers, mail => mails.push(mail));
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, answers: NonNullable<Options['answers']>, take: (mail: Mail) => void): void {
  let login: string | null = null;
  let from = '';
  let to: string[] = [];
  let data: string[] | null = null;
  let rest = '';
  const say = (verb: string, usual: string): void => {
    const answer = verb in answers ? answers[verb] : usual;
    if (answer !== null) socket.write(`${answer}\r\n`);
  };
  const command = (line: string): void => {
    const verb = line.split(/[ :]/)[0]!.toUpperCase();
    if (verb === 'EHLO') say(verb, '250-mail.test\r\n250 AUTH PLAIN');
    else if (verb === 'AUTH') {
      login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0')
        .slice(1)
        .join(':');
      say(verb, '235 welcome');
    } else if (verb === 'MAIL') {
      from = /<(.*)>/.exec(line)![1]!;
      say(verb, '250 ok');
    } else if (verb === 'RCPT') {
      to.push(/<(.*)>/.exec(line)![1]!);
      say(verb, '250 ok');
    } else if (verb === 'DATA') {
      data = [];
      say(verb, '354 go on');
    } else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else say(verb, '250 ok');
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    rest += chunk;
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (data === null) command(line);
      else if (line === '.') {
        take({from, to, text: data.join('\n'), login});
        to = [];
        data = null;
        say('.', '250 taken');
      } else data.push(line.replace(/^\./, ''));
    }
  });
  say('greeting', '220 mail.test');
}
