import type {Channel} from '../../incidents/channel.ts';
import type {SlackDefinition} from '../../incidents/channel-definition.ts';
import type {Environment} from '../environment.ts';
import {postJson} from '../post-json.ts';
import {slackMessage} from './slack-message.ts';

/** Tells an incoming webhook of Slack; Mattermost and Rocket.Chat take the same. */
export function slackChannel({name, url}: SlackDefinition, environment: Environment, timeoutMs: number): Channel {
  return {
    name,
    send: notice => postJson({channel: name, url, environment, body: JSON.stringify(slackMessage(notice)), timeoutMs}),
  };
}
