import {channelsFor, fits} from '../../monitoring/index.ts';
import type {ProjectCheck} from './check.ts';

/** What is wrong with who is told of incidents, seen together with the models. */
export const NOTIFICATION_CHECKS: readonly ProjectCheck[] = [
  {
    name: 'page-told',
    severity: 'warn',
    rule: 'Somebody is told of the pages of every model.',
    *find({project: {notifications, models}}) {
      for (const {name, owner} of notifications ? models : [])
        if (channelsFor(notifications!, {model: name, owner, severity: 'page'}).length === 0)
          yield {
            subject: `model ${name}`,
            message: 'No channel is told of its pages.',
            fix: 'Name a channel under page, in the routes of notifications or in the override that fits the model.',
          };
    },
  },
  {
    name: 'override-fits',
    severity: 'warn',
    rule: 'Every override of notifications fits a model.',
    *find({project: {notifications, models}}) {
      for (const {model, owner} of notifications?.overrides ?? [])
        if (!models.some(one => fits(model, one.name) && fits(owner, one.owner)))
          yield {
            subject: 'notifications',
            message: `An override is for ${[model && `model '${model}'`, owner && `owner '${owner}'`].filter(Boolean).join(' of ')}, which there is not.`,
            fix: `Models are ${models.map(({name, owner: whose}) => `${name}${whose === '' ? '' : ` of ${whose}`}`).join(', ')}.`,
          };
    },
  },
];
