/** Views of one thing, each with an address of its own. */
import {Link, useLocation, useSearchParams} from 'wouter';
import {type Level, Shape} from './meaning.tsx';

export type Tab = {
  readonly id: string;
  readonly title: string;
  /** What is in it that somebody should look at. */
  readonly note?: string;
  readonly level?: Level;
};

type Props = {
  /** Parameter of the address; the first tab stands there without it. */
  readonly name: string;
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
};

export function Tabs({name, label, tabs, chosen}: Props) {
  const [location] = useLocation();
  const [params] = useSearchParams();
  const to = (id: string) => {
    const next = new URLSearchParams(params);
    if (id === tabs[0]?.id) next.delete(name);
    else next.set(name, id);
    const text = next.toString();
    return text === '' ? location : `${location}?${text}`;
  };
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({id, title, note, level}) => (
        <Link key={id} href={to(id)} {...(id === chosen ? {'aria-current': 'true' as const} : {})}>
          {level !== undefined && <Shape level={level} size={9} />}
          {title}
          {note !== undefined && <small>{note}</small>}
        </Link>
      ))}
    </nav>
  );
}

/** The tab that the address names, if there is one; else the first. */
export const tabOf = <T extends string>(asked: string | null, ids: readonly [T, ...T[]]): T =>
  ids.find(id => id === asked) ?? ids[0];
