import {createHmac} from 'node:crypto';
import type {Channel} from '../../incidents/channel.ts';
import type {WebhookDefinition} from '../../incidents/channel-definition.ts';
import {type Environment, variableOf} from '../environment.ts';
import {postJson} from '../post-json.ts';
import {alertmanagerPayload} from './alertmanager-payload.ts';

/**
 * POSTs incidents in Alertmanager's format. `x-millrace-delivery` is the same when a notice is sent again;
 * `x-millrace-signature` is `sha256=` and the HMAC of the body in hex, where there is a secret.
 */
export function webhookChannel(
  {name, url, secret}: WebhookDefinition,
  environment: Environment,
  timeoutMs: number,
): Channel {
  return {
    name,
    send: async notice => {
      const body = JSON.stringify(alertmanagerPayload(notice, name));
      const key = secret && variableOf(name, secret, environment);
      const signature = key && `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
      const headers = {
        'x-millrace-delivery': notice.id,
        ...(signature === null ? {} : {'x-millrace-signature': signature}),
      };
      await postJson({channel: name, url, environment, body, headers, timeoutMs});
    },
  };
}
