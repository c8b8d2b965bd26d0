/** What an alert says about the others: what broke, what moved, what it led to. */

import type {Alert} from '../../protocol/index.ts';

/**
 * - `contract`: data is not what was agreed, or does not come;
 * - `shift`: inputs moved;
 * - `consequence`: answers or their quality changed;
 * - `service`: requests fail or are slow.
 */
export type AlertRole = 'contract' | 'shift' | 'consequence' | 'service';

/** Explanations are filed before what they explain. */
export const ROLES: readonly AlertRole[] = ['contract', 'shift', 'service', 'consequence'];

export function roleOf({kind, subject}: Pick<Alert, 'kind' | 'subject'>): AlertRole {
  switch (kind) {
    case 'quality':
    case 'skew':
    case 'volume':
      return 'contract';
    case 'data':
      return subject === 'requests' ? 'service' : 'contract';
    case 'drift':
    case 'multivariate':
      return 'shift';
    case 'latency':
    case 'slo':
      return 'service';
    default:
      return 'consequence';
  }
}

/** Few requests change no data: they explain what arrives, but no loss of performance. */
export const isTraffic = ({kind, subject}: Pick<Alert, 'kind' | 'subject'>): boolean =>
  kind === 'volume' && subject === 'predictions';
