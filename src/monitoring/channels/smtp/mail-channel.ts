/** Mail through a server that speaks SMTP. The client is a package of its own, loaded when the first mail is sent. */

import {MillraceError} from '../../../protocol/index.ts';
import type {Channel} from '../../incidents/channel.ts';
import type {MailDefinition} from '../../incidents/channel-definition.ts';
import {type Environment, urlOf} from '../environment.ts';
import {detailLines, headline} from '../notice-text.ts';
import {unavailable} from '../unavailable.ts';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * A connection per mail. With a password the connection must be encrypted (`smtps:`, or STARTTLS), but on this machine.
 * Mails of one incident are one thread.
 */
export function mailChannel(
  {name, server, from, to}: MailDefinition,
  environment: Environment,
  timeoutMs: number,
): Channel {
  return {
    name,
    send: async notice => {
      const url = urlOf(name, server, environment, ['smtp:', 'smtps:']);
      const {createTransport} = await client();
      const isSecure = url.protocol === 'smtps:';
      const isLoggedIn = url.username !== '';
      const transport = createTransport({
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: Number(url.port || (isSecure ? 465 : 587)),
        secure: isSecure,
        requireTLS: !isSecure && isLoggedIn && !LOOPBACK.test(url.hostname),
        ...(isLoggedIn ? {auth: {user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password)}} : {}),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const {incident} = notice;
      const thread = `<${incident.id}@millrace>`;
      try {
        await within(
          timeoutMs,
          transport.sendMail({
            from,
            to: [...to],
            subject: headline(notice),
            text: `${incident.summary}\n\n${detailLines(notice).join('\n')}\n`,
            messageId: `<${notice.id}@millrace>`,
            references: thread,
            inReplyTo: thread,
          }),
        );
      } catch (error) {
        throw unavailable(
          name,
          reasonOf(error, timeoutMs),
          `Check the mail server in ${server.env}; it is tried again.`,
        );
      } finally {
        transport.close();
      }
    },
  };
}

async function client(): Promise<typeof import('nodemailer')> {
  try {
    return await import('nodemailer');
  } catch (cause) {
    throw new MillraceError('PACKAGE_MISSING', "Sending mail needs the package 'nodemailer'.", {
      cause,
      fix: 'Run npm install nodemailer.',
    });
  }
}

/** A server that sends a byte now and then is no server. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject({code: 'ETIMEDOUT'}), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Code and status alone: what servers say may repeat who logged in. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const {code, responseCode} = error as {code?: unknown; responseCode?: unknown};
  if (code === 'EAUTH') return 'could not log in to its mail server';
  if (typeof responseCode === 'number') return `was refused by its mail server with ${responseCode}`;
  if (code === 'ETIMEDOUT') return `did not take a mail within ${timeoutMs / 1_000} s`;
  return `cannot reach its mail server${typeof code === 'string' ? ` (${code})` : ''}`;
}
