import {expect, test} from 'vitest';
import {logLines, type Notifications, notifications} from '../../monitoring/index.ts';
import {couriers} from '../batch/batch.fixture.ts';
import type {Project} from '../project/project.ts';
import {NOTIFICATION_CHECKS} from './notification-checks.ts';

async function found(told: Notifications | null): Promise<string[]> {
  const project: Project = {...(await couriers()), ...(told ? {notifications: told} : {})};
  const checked = {project, spans: new Map()};
  return NOTIFICATION_CHECKS.flatMap(({name, find}) => [...find(checked)].map(({message}) => `${name}: ${message}`));
}

const channels = [logLines()];

test('whoever is told of nothing, and overrides for nobody, are found; nothing else is', async () => {
  expect(await found(null)).toEqual([]);
  expect(await found(notifications({channels, overrides: [{model: 'punct*', page: ['log']}]}))).toEqual([]);
  expect(await found(notifications({channels, routes: {ticket: ['log']}}))).toEqual([
    'page-told: No channel is told of its pages.',
  ]);
  expect(await found(notifications({channels, overrides: [{model: 'late', owner: 'x', page: ['log']}]}))).toEqual([
    "override-fits: An override is for model 'late' of owner 'x', which there is not.",
  ]);
});
