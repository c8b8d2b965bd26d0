/** Shows a skeleton until all of the reads have come, the failure if one did not, else the content. */
import type {UseQueryResult} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {Failure} from '../parts/failure.tsx';
import {Page} from '../parts/page.tsx';
import {PageSkeleton} from '../parts/skeleton.tsx';

type Reads = {readonly [name: string]: UseQueryResult<unknown, Error>};
type Got<R extends Reads> = {readonly [K in keyof R]: R[K] extends UseQueryResult<infer T, Error> ? T : never};

type Props<R extends Reads> = {
  readonly reads: R;
  /** Of the page; left out where only a part of it waits. */
  readonly title?: string;
  readonly skeleton?: ReactNode;
  readonly children: (got: Got<R>) => ReactNode;
};

export function Await<R extends Reads>({reads, title, skeleton, children}: Props<R>) {
  const all = Object.values(reads);
  const failed = all.find(read => read.error !== null && read.data === undefined);
  if (failed?.error) {
    const retry = () => {
      for (const read of all) if (read.error !== null) void read.refetch();
    };
    const failure = <Failure error={failed.error} retry={retry} />;
    return title === undefined ? failure : <Page title={title}>{failure}</Page>;
  }
  if (all.some(read => read.data === undefined))
    return skeleton ?? (title === undefined ? null : <PageSkeleton title={title} />);
  return children(Object.fromEntries(Object.entries(reads).map(([name, read]) => [name, read.data])) as Got<R>);
}
