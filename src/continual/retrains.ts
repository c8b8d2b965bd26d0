/**
 * Where retrains are kept. Per model one record says which retrain runs, and it is written together with
 * the retrain itself, so two processes cannot both start one.
 *
 *   retrain          <model>/<id>   Retrain, listed by the time it fired
 *   retrain-running  <model>        {id}, or {id: null} while none runs
 */
import {MillraceError, type Retrain} from '../protocol/index.ts';
import type {MetadataStore} from '../stores/index.ts';

type Running = {readonly id: string | null};

export class Retrains {
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  /** Keeps the latest state of a retrain. Throws STORE_CONFLICT if another retrain of the model is running. */
  async save(retrain: Retrain): Promise<void> {
    const {id, model, firedAt, finishedAt} = retrain;
    const record = await this.#metadata.get('retrain-running', model);
    const running = (record?.value as Running | undefined)?.id ?? null;
    if (running !== null && running !== id)
      throw new MillraceError('STORE_CONFLICT', `Retrain ${running} of '${model}' is running; ${id} has to wait.`, {
        fix: `Let ${running} finish, or reject its challenger.`,
      });
    await this.#metadata.write([
      {kind: 'retrain', id: `${model}/${id}`, at: firedAt, value: retrain},
      {
        kind: 'retrain-running',
        id: model,
        at: firedAt,
        value: {id: finishedAt === null ? id : null},
        expected: record?.revision ?? 0,
      },
    ]);
  }

  /** The retrain that has not finished; undefined if none runs. */
  async running(model: string): Promise<Retrain | undefined> {
    const record = await this.#metadata.get('retrain-running', model);
    const id = (record?.value as Running | undefined)?.id;
    return id ? this.get(model, id) : undefined;
  }

  async get(model: string, id: string): Promise<Retrain | undefined> {
    return (await this.#metadata.get('retrain', `${model}/${id}`))?.value as unknown as Retrain | undefined;
  }

  /** Newest first, of one model or of all. */
  async list(model?: string, limit = 1_000): Promise<Retrain[]> {
    const query = {order: 'newest', limit, ...(model === undefined ? {} : {idPrefix: `${model}/`})} as const;
    return (await this.#metadata.list('retrain', query)).map(({value}) => value as unknown as Retrain);
  }
}
