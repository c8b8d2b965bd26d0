/** Where people are told, as a project declares it. Frozen data: addresses and secrets are named, never held. */

import {type Problem, requireValid} from '../../protocol/index.ts';

/** The environment variable that holds an address or a secret. */
export type FromEnvironment = {readonly env: string};

/** A POST in Alertmanager's webhook format; signed where a secret is given. */
export type WebhookDefinition = {
  readonly kind: 'webhook';
  readonly name: string;
  readonly url: FromEnvironment;
  /** Key of the HMAC in the header `x-millrace-signature`. */
  readonly secret: FromEnvironment | null;
};

/** An incoming webhook of Slack, or of what takes the same. */
export type SlackDefinition = {readonly kind: 'slack'; readonly name: string; readonly url: FromEnvironment};

/** `server`: the URL of a mail server, such as `smtp://user:password@mail.example.com:587`. */
export type MailDefinition = {
  readonly kind: 'mail';
  readonly name: string;
  readonly server: FromEnvironment;
  readonly from: string;
  readonly to: readonly string[];
};

/** A line of JSON in the log of the server. */
export type LogDefinition = {readonly kind: 'log'; readonly name: string};

export type ChannelDefinition = WebhookDefinition | SlackDefinition | MailDefinition | LogDefinition;

type Url = {readonly url: FromEnvironment};

/** Tells a receiver of Alertmanager's webhook format. Throws DEFINITION_INVALID. */
export function webhook(name: string, {url, secret}: Url & {readonly secret?: FromEnvironment}): WebhookDefinition {
  const problems = [...nameProblems(name), ...variableProblems('url', url)];
  if (secret !== undefined) problems.push(...variableProblems('secret', secret));
  requireValid(`Channel '${name}'`, problems);
  return Object.freeze({kind: 'webhook', name, url: named(url), secret: secret ? named(secret) : null});
}

/** Tells a channel of Slack. Throws DEFINITION_INVALID. */
export function slack(name: string, {url}: Url): SlackDefinition {
  requireValid(`Channel '${name}'`, [...nameProblems(name), ...variableProblems('url', url)]);
  return Object.freeze({kind: 'slack', name, url: named(url)});
}

export type MailOptions = {
  readonly server: FromEnvironment;
  readonly from: string;
  readonly to: string | readonly string[];
};

/** Tells people by mail. Throws DEFINITION_INVALID naming every problem at once. */
export function mail(name: string, {server, from, to}: MailOptions): MailDefinition {
  const receivers = typeof to === 'string' ? [to] : [...to];
  const problems = [...nameProblems(name), ...variableProblems('server', server)];
  for (const [path, address] of [['from', from], ...receivers.map(one => ['to', one])] as [string, string][])
    if (!/^[^\s<>@,;]+@[^\s<>@,;]+$/.test(address))
      problems.push({path, message: `'${address}' is no mail address.`, fix: 'Write it bare: ops@example.com.'});
  if (receivers.length === 0) problems.push({path: 'to', message: 'Nobody gets the mail.', fix: 'Name an address.'});
  requireValid(`Channel '${name}'`, problems);
  return Object.freeze({kind: 'mail', name, server: named(server), from, to: Object.freeze(receivers)});
}

/** Writes a line of JSON to the log of the server. Throws DEFINITION_INVALID. */
export function logLines(name = 'log'): LogDefinition {
  requireValid(`Channel '${name}'`, nameProblems(name));
  return Object.freeze({kind: 'log', name});
}

const named = ({env}: FromEnvironment): FromEnvironment => Object.freeze({env});

function nameProblems(name: string): Problem[] {
  if (/^[a-z][A-Za-z0-9_-]{0,62}$/.test(name)) return [];
  const fix = 'Start with a lower-case letter; use letters, digits, _ and -.';
  return [{path: 'name', message: `'${name}' is no name.`, fix}];
}

/** What was given in place of a name is not repeated: it may be the secret itself. */
function variableProblems(path: string, given: Partial<FromEnvironment> | undefined): Problem[] {
  if (typeof given?.env === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(given.env)) return [];
  return [
    {
      path: `${path}.env`,
      message: `The ${path} is not the name of an environment variable.`,
      fix: `Name the variable that holds it, such as {env: 'ONCALL_URL'}; never the ${path} itself.`,
    },
  ];
}
