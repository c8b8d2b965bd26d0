import {featureView} from '../../definitions/view.ts';
import {lifetime} from '../../definitions/window.ts';
import {between, habits, payments, START, spend, user} from '../history.ts';

const ever = featureView('ever', {
  from: payments,
  entity: user,
  keys: {user: 'user'},
  features: a => ({n: a.count().over('3m', lifetime()), total: a.sum('amount').over('1h', lifetime())}),
});

/** The view whose state was there when the process was first started; the others are filled. */
export const CRASH_FIRST = [spend];
export const CRASH_VIEWS = [spend, habits, between, ever];
export const CRASH_END = START + 5 * 86_400_000;
/** Little memory and small pages, so that states leave and come back all the time. */
export const CRASH_OPTIONS = {budgetBytes: 30_000, pageEvents: 8, mostDirty: 20};
