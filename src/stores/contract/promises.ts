/** How the contract suites run: each promise is a test on a freshly opened store; what an adapter cannot keep must fail. */
import {expect, test} from 'vitest';

export type ContractOptions<Store> = {
  /** Opens the same store each time it is called within one test. */
  readonly open: () => Promise<Store>;
  /** Titles of promises this adapter cannot keep, each with its reason. Those tests must then fail. */
  readonly cannot?: Readonly<Record<string, string>> | undefined;
};

export type Promises<Store> = {
  promise(title: string, run: (store: Store, open: () => Promise<Store>) => Promise<void>): void;
  /** Call after the last promise. */
  end(): void;
};

/** @param close releases a store that a promise leaves open */
export function promises<Store>(
  {open, cannot = {}}: ContractOptions<Store>,
  close: (store: Store) => Promise<void>,
): Promises<Store> {
  const titles = new Set<string>();
  return {
    promise(title, run) {
      titles.add(title);
      const reason = cannot[title];
      const name = reason === undefined ? title : `${title} (cannot: ${reason})`;
      (reason === undefined ? test : test.fails)(name, async () => {
        const opened: Store[] = [];
        const opener = async () => {
          const store = await open();
          opened.push(store);
          return store;
        };
        try {
          await run(await opener(), opener);
        } finally {
          for (const store of opened) await close(store);
        }
      });
    },
    end() {
      test('every name in `cannot` is a promise of this contract', () => {
        expect(Object.keys(cannot).filter(title => !titles.has(title))).toEqual([]);
      });
    },
  };
}
