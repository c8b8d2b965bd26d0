import {asOf, type CutMade, cutsName, type RefreshedUse, type ViewUse} from '../../features/index.ts';
import type {MetadataStore} from '../../stores/index.ts';

const KIND = 'cut';
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * When cuts were made, and what of the log they had seen: so that a served value can be computed again.
 *
 *   cut  <view>@<version>/<every>+<delay>/<cut>/<made at>   CutMade, listed by the time of the cut
 */
export class CutRecords {
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  async save(use: RefreshedUse, made: CutMade): Promise<void> {
    const id = `${cutsName(use)}/${made.cut}/${made.madeAt}`;
    await this.#metadata.write([{kind: KIND, id, at: made.cut, value: made}]);
  }

  /** The cuts that these uses of views were read as of at times in [from, to] (UTC ms). */
  async of(
    uses: readonly ViewUse[],
    {from, to}: {readonly from: number; readonly to: number},
  ): Promise<(use: ViewUse) => readonly CutMade[]> {
    const made = new Map<ViewUse, readonly CutMade[]>();
    for (const use of uses) {
      const {view, refresh} = use;
      if (refresh === undefined) continue;
      const idPrefix = `${cutsName({view, refresh})}/`;
      const records = await this.#metadata.list(KIND, {
        idPrefix,
        from: asOf(use, from),
        to: asOf(use, to) + 1,
        limit: ALL,
      });
      made.set(
        use,
        records.map(({value}) => value as unknown as CutMade),
      );
    }
    return use => made.get(use) ?? [];
  }
}
