import {type EventFeed, type Following, type FollowState, follow, type Source} from '../../events/index.ts';
import {seededRandom} from '../../math/index.ts';
import type {LivePlatform} from './live-platform.ts';

type Connections = Readonly<Record<string, string | undefined>>;

/** The feed of a source that is followed; its adapter, and so its library, is loaded when it is needed. */
async function openFeed(source: Source, connections: Connections): Promise<EventFeed | null> {
  const {from} = source;
  if (from?.kind === 'postgres') {
    const {openPostgresFeed} = await import('../../events/postgres/index.ts');
    return openPostgresFeed({source: {...source, from}, connections});
  }
  if (from?.kind === 'kafka') {
    const {openKafkaFeed} = await import('../../events/kafka/index.ts');
    return openKafkaFeed({source: {...source, from}, connections});
  }
  return null;
}

/** The sources of a project that are followed on their servers, from start to stop. */
export class Followers {
  readonly #following: readonly Following[];
  readonly #stop: AbortController;

  private constructor(following: readonly Following[], stop: AbortController) {
    this.#following = following;
    this.#stop = stop;
  }

  /**
   * Follows every such source of the platform; `connections` holds the addresses that the sources name. Throws where
   * one is not set; a server that cannot be reached is waited for.
   */
  static async start(platform: LivePlatform, connections: Connections): Promise<Followers> {
    const {project, gate, log, metadata, clock} = platform.runtime;
    const stop = new AbortController();
    const following: Following[] = [];
    try {
      for (const [i, source] of project.sources.entries()) {
        const feed = await openFeed(source, connections);
        if (feed === null) continue;
        following.push(
          follow({
            source,
            gate,
            log,
            feed,
            checkpoints: metadata,
            clock,
            random: seededRandom(i + 1),
            signal: stop.signal,
            onBatch: batch => platform.events.take(batch, clock.now()),
          }),
        );
      }
    } catch (error) {
      stop.abort();
      await Promise.all(following.map(f => f.done));
      throw error;
    }
    return new Followers(following, stop);
  }

  states(): FollowState[] {
    return this.#following.map(f => f.state());
  }

  /** Ends after the batches in hand. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#following.map(f => f.done));
  }
}
