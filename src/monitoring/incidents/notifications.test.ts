import {describe, expect, test} from 'vitest';
import {MillraceError} from '../../protocol/index.ts';
import {logLines, mail, slack, webhook} from './channel-definition.ts';
import {channelsFor, describeNotifications, LOG_ONLY, notifications} from './notifications.ts';

const oncall = webhook('oncall', {url: {env: 'ONCALL_URL'}, secret: {env: 'ONCALL_SECRET'}});
const team = slack('team', {url: {env: 'TEAM_URL'}});
const post = mail('post', {server: {env: 'SMTP_URL'}, from: 'millrace@example.com', to: 'ops@example.com'});
const incident = {model: 'late', owner: 'dispatch'};

function problemsOf(define: () => unknown): string[] {
  try {
    define();
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'DEFINITION_INVALID')
      return error.problems.map(({path, message}) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('notifications', () => {
  test('go by severity, and elsewhere for some models or owners; the first that fits counts', () => {
    const rules = notifications({
      channels: [oncall, team, post],
      routes: {page: ['oncall', 'team'], ticket: ['team']},
      overrides: [
        {model: 'la*', owner: 'dispatch', page: ['post']},
        {model: '*', page: ['team']},
      ],
      console: 'https://millrace.example/',
    });
    expect(channelsFor(rules, {...incident, severity: 'page'})).toEqual(['post']);
    expect(channelsFor(rules, {...incident, severity: 'ticket'})).toEqual([]);
    expect(channelsFor(rules, {model: 'x', owner: '', severity: 'page'})).toEqual(['team']);
    expect(channelsFor({...rules, overrides: []}, {...incident, severity: 'page'})).toEqual(['oncall', 'team']);
    expect(rules.console).toBe('https://millrace.example');
    expect(describeNotifications(rules)).toEqual([
      'Channels: oncall (webhook), team (slack), post (mail); pages go to oncall, team, tickets to team.',
      'Of models la* of owner dispatch, pages go to post, tickets to nobody.',
      'Of models *, pages go to team, tickets to nobody.',
      'An incident is told after 30 s, changes at most every 5 min, pages again after 4 h until somebody acknowledges.',
    ]);
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules);
  });

  test('without any, incidents are written to the log', () => {
    expect(channelsFor(LOG_ONLY, {...incident, severity: 'ticket'})).toEqual(['log']);
  });

  test('name everything that is wrong at once', () => {
    const wrong = () =>
      notifications({
        channels: [oncall, logLines('oncall')],
        routes: {page: ['onkall']},
        overrides: [{ticket: ['post']}],
        console: 'millrace.example',
      });
    expect(problemsOf(wrong)).toEqual([
      "channels: Two channels are called 'oncall'.",
      "routes: 'onkall' is no channel. Did you mean 'oncall'?",
      "overrides[0]: 'post' is no channel.",
      'overrides[0]: It is for all.',
      "console: 'millrace.example' is no http or https address.",
    ]);
  });

  test('take names of variables, and never repeat what was given in their place', () => {
    const secret = 'https://hooks.example/T1/s3cret';
    const given = {env: secret};
    const problems = [
      ...problemsOf(() => webhook('a', {url: given, secret: given})),
      ...problemsOf(() => slack('a', {url: secret as never})),
      ...problemsOf(() => mail('A', {server: given, from: 'x', to: []})),
    ];
    expect(problems).toHaveLength(7);
    expect(problems.join()).not.toContain('s3cret');
  });
});
