/** Who is told of which incidents, as a project declares it. */

import type {AlertSeverity, Incident} from '../../protocol/index.ts';
import {type Duration, durationMs, nearest, type Problem, requireValid} from '../../protocol/index.ts';
import {type ChannelDefinition, logLines} from './channel-definition.ts';
import {NOTICE_TIMING, type NoticeTiming} from './due-notice.ts';
import {fits} from './silencing.ts';

/** Names of channels. A severity that is not named is told to nobody; it is shown. */
export type Routes = {readonly [S in AlertSeverity]?: readonly string[]};

/** Routes of some models or owners in place of the others; `*` stands for any characters. */
export type RouteOverride = Routes & {readonly model?: string; readonly owner?: string};

export interface Notifications {
  readonly kind: 'notifications';
  readonly channels: readonly ChannelDefinition[];
  readonly routes: Routes;
  /** The first that fits counts. */
  readonly overrides: readonly RouteOverride[];
  readonly timing: NoticeTiming;
  /** Address of the console, for links; null: messages have none. */
  readonly console: string | null;
}

export type NotificationOptions = {
  readonly channels: readonly ChannelDefinition[];
  /** All channels unless told. */
  readonly routes?: Routes;
  readonly overrides?: readonly RouteOverride[];
  /** 30 seconds, 5 minutes and 4 hours unless told. */
  readonly wait?: Duration;
  readonly interval?: Duration;
  readonly repeat?: Duration;
  readonly console?: string;
};

/** Declares who is told. Throws DEFINITION_INVALID naming every problem at once. */
export function notifications(options: NotificationOptions): Notifications {
  const {channels, overrides = [], console: address = null} = options;
  const names = channels.map(({name}) => name);
  const routes = options.routes ?? {page: names, ticket: names};
  const problems: Problem[] = [];
  names.forEach((name, i) => {
    if (names.indexOf(name) < i) problems.push({path: 'channels', message: `Two channels are called '${name}'.`});
  });
  for (const [path, {page = [], ticket = []}] of [
    ['routes', routes] as const,
    ...overrides.map((override, i) => [`overrides[${i}]`, override] as const),
  ])
    for (const name of new Set([...page, ...ticket])) {
      if (names.includes(name)) continue;
      const [near] = nearest(name, names);
      problems.push({path, message: `'${name}' is no channel.${near === undefined ? '' : ` Did you mean '${near}'?`}`});
    }
  overrides.forEach(({model, owner}, i) => {
    if (model === undefined && owner === undefined)
      problems.push({
        path: `overrides[${i}]`,
        message: 'It is for all.',
        fix: 'Name a model or an owner, or use routes.',
      });
  });
  if (address !== null && !/^https?:\/\/[^\s/]/.test(address))
    problems.push({path: 'console', message: `'${address}' is no http or https address.`});
  requireValid('The notifications', problems);
  const timing = {
    waitMs: options.wait === undefined ? NOTICE_TIMING.waitMs : durationMs(options.wait),
    intervalMs: options.interval === undefined ? NOTICE_TIMING.intervalMs : durationMs(options.interval),
    repeatMs: options.repeat === undefined ? NOTICE_TIMING.repeatMs : durationMs(options.repeat),
  };
  return Object.freeze({
    kind: 'notifications',
    channels: Object.freeze([...channels]),
    routes: Object.freeze(routes),
    overrides: Object.freeze([...overrides]),
    timing: Object.freeze(timing),
    console: address?.replace(/\/+$/, '') ?? null,
  });
}

/** Where a project declares nothing: incidents are shown, and written to the log. */
export const LOG_ONLY: Notifications = notifications({channels: [logLines()]});

/** Names of the channels that are told of an incident. */
export function channelsFor(
  {routes, overrides}: Pick<Notifications, 'routes' | 'overrides'>,
  {model, owner, severity}: Pick<Incident, 'model' | 'owner' | 'severity'>,
): readonly string[] {
  const own = overrides.find(override => fits(override.model, model) && fits(override.owner, owner));
  return (own ?? routes)[severity] ?? [];
}

/** The rules in words. */
export function describeNotifications({channels, routes, overrides, timing}: Notifications): string[] {
  const list = (names: readonly string[] | undefined) => names?.join(', ') || 'nobody';
  const told = ({page, ticket}: Routes) => `pages go to ${list(page)}, tickets to ${list(ticket)}`;
  return [
    `Channels: ${channels.map(({name, kind}) => (name === kind ? name : `${name} (${kind})`)).join(', ') || 'none'}; ${told(routes)}.`,
    ...overrides.map(override => {
      const whose = [override.model && `models ${override.model}`, override.owner && `owner ${override.owner}`];
      return `Of ${whose.filter(part => part).join(' of ')}, ${told(override)}.`;
    }),
    `An incident is told after ${timing.waitMs / 1_000} s, changes at most every ${timing.intervalMs / 60_000} min, pages again after ${timing.repeatMs / 3_600_000} h until somebody acknowledges.`,
  ];
}
