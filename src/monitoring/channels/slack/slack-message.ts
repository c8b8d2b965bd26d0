/** A message for an incoming webhook of Slack: blocks, and a text for notifications and for what shows no blocks. */

import type {Notice} from '../../incidents/channel.ts';
import {detailLines, headline} from '../notice-text.ts';

/** Limits of Slack, in characters. */
const HEADER = 150;
const SECTION = 3_000;

type Text = {readonly type: 'plain_text' | 'mrkdwn'; readonly text: string};
type Block =
  | {readonly type: 'header' | 'section'; readonly text: Text}
  | {readonly type: 'context'; readonly elements: readonly Text[]};

export type SlackMessage = {readonly text: string; readonly blocks: readonly Block[]};

export function slackMessage(notice: Notice): SlackMessage {
  const {summary} = notice.incident;
  const title = headline(notice);
  const section = (text: string): Text => ({type: 'mrkdwn', text: cut(escaped(text), SECTION)});
  return {
    text: escaped(title),
    blocks: [
      {type: 'header', text: {type: 'plain_text', text: cut(title, HEADER)}},
      ...(summary === '' ? [] : [{type: 'section', text: section(summary)} as const]),
      {type: 'context', elements: [section(detailLines(notice).join('\n'))]},
    ],
  };
}

/** Slack's control characters: names of features and slices must not mention people or make links. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Never in the middle of an escaped character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/&[a-z]{0,3}$/, '')}…`;
}
