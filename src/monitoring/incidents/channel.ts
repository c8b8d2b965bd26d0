/** The port by which people are told. Adapters are in `channels/`. */

import type {Alert, Delivery, Incident} from '../../protocol/index.ts';

/** What people are to be told of an incident as it stands. */
export type Notice = {
  /** Of the delivery: the same when it is sent again, so that a receiver can tell. */
  readonly id: string;
  readonly event: Delivery['event'];
  readonly incident: Incident;
  /** Its alerts that speak for themselves, the gravest first; when it is resolved, all that did. */
  readonly alerts: readonly Alert[];
  /** Where the incident can be looked at; null where no address was declared. */
  readonly link: string | null;
};

export interface Channel {
  readonly name: string;
  /**
   * Resolves when the receiver has taken it. Rejects with SOURCE_UNAVAILABLE, or PACKAGE_MISSING, in words without secrets; never
   * takes longer than its timeout. A receiver may get a notice twice, never a part of one.
   */
  send(notice: Notice): Promise<void>;
}
