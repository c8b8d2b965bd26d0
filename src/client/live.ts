/**
 * The live stream with its state: `connecting → open → broken → connecting → …` until closed.
 * It reads with fetch rather than EventSource, so that browsers and Node behave alike and the reason
 * of a break can be told.
 */
import type {LiveTick} from '../protocol/index.ts';
import {ClientError} from './client-error.ts';
import {EventStreamParser} from './event-stream.ts';
import {send, type Transport} from './request.ts';

export type LiveState = 'connecting' | 'open' | 'broken';

export type LiveOptions = {
  readonly onTick: (tick: LiveTick) => void;
  /** Called at every change; `reason` is set when it broke. */
  readonly onState?: (state: LiveState, reason: ClientError | null) => void;
  /** How long to wait before attempt 1, 2, … after a break; the last one repeats. */
  readonly retryMs?: readonly number[];
};

export type Subscription = {close(): void};

const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];

export function subscribe(transport: Transport, options: LiveOptions): Subscription {
  const closing = new AbortController();
  const retryMs = options.retryMs ?? RETRY_MS;
  const report = (state: LiveState, reason: ClientError | null) => {
    if (!closing.signal.aborted) options.onState?.(state, reason);
  };

  const run = async () => {
    let failures = 0;
    while (!closing.signal.aborted) {
      report('connecting', null);
      const reason = await readUntilBroken(transport, closing.signal, {
        onOpen: () => {
          failures = 0;
          report('open', null);
        },
        onTick: tick => {
          if (!closing.signal.aborted) options.onTick(tick);
        },
      });
      if (closing.signal.aborted) return;
      report('broken', reason);
      await pause(retryMs[Math.min(failures, retryMs.length - 1)] ?? 0, closing.signal);
      failures++;
    }
  };
  void run();
  return {close: () => closing.abort()};
}

type Ears = {onOpen: () => void; onTick: (tick: LiveTick) => void};

/** Resolves with the reason once the stream has ended, which it should never do by itself. */
async function readUntilBroken(transport: Transport, signal: AbortSignal, ears: Ears): Promise<ClientError> {
  try {
    const answer = await send(transport, '/api/live', {signal, headers: {accept: 'text/event-stream'}});
    if (answer.body === null) throw new ClientError('ANSWER_INVALID', 'The live stream has no body.');
    ears.onOpen();
    const parser = new EventStreamParser();
    const decoder = new TextDecoder();
    const reader = answer.body.getReader();
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return new ClientError('UNREACHABLE', 'The server closed the live stream.');
      for (const event of parser.push(decoder.decode(value, {stream: true})))
        ears.onTick(JSON.parse(event) as LiveTick);
    }
  } catch (cause) {
    if (cause instanceof ClientError) return cause;
    if (cause instanceof SyntaxError)
      return new ClientError('ANSWER_INVALID', 'The live stream sent something else than JSON.', {cause});
    return new ClientError('UNREACHABLE', 'The live stream broke off.', {cause});
  }
}

/** Resolves after the time, or at once when closed. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      {once: true},
    );
  });
}
