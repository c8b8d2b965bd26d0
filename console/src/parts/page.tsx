/** A page from top to bottom: title and verdict, figures, then sections. */
import {type ReactNode, useEffect, useRef} from 'react';
import {Link} from 'wouter';
import {useCarried} from '../frame/url-state.ts';
import {type Level, Shape} from './meaning.tsx';

type PageProps = {
  readonly title: string;
  readonly verdict?: {readonly level: Level; readonly sentence: string};
  readonly crumbs?: readonly {readonly title: string; readonly path: string}[];
  readonly children?: ReactNode;
};

export function Page({title, verdict, crumbs = [], children}: PageProps) {
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
  return (
    <>
      <header className="page-head">
        {crumbs.length > 0 && (
          <nav className="crumbs" aria-label="Where this page stands">
            {crumbs.map(crumb => (
              <span key={crumb.path}>
                <Go to={crumb.path}>{crumb.title}</Go> /{' '}
              </span>
            ))}
          </nav>
        )}
        <h1>{title}</h1>
        {verdict && (
          <p className="verdict" data-level={verdict.level}>
            <Shape level={verdict.level} />
            <span>
              <span className="hidden">{verdict.level}: </span>
              {verdict.sentence}
            </span>
          </p>
        )}
      </header>
      {children}
    </>
  );
}

type SectionProps = {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly tools?: ReactNode;
  /** What an address names after `#` to open the page at this section. */
  readonly id?: string;
  readonly children: ReactNode;
};

export function Section({title, aside, tools, id, children}: SectionProps) {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (id !== undefined && location.hash === `#${id}`) element.current?.scrollIntoView();
  }, [id]);
  return (
    <section ref={element} className="section" aria-label={title} {...(id === undefined ? {} : {id})}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside !== undefined && <span className="aside">{aside}</span>}
        {tools !== undefined && <span className="tools">{tools}</span>}
      </div>
      {children}
    </section>
  );
}

type GoProps = {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly title?: string;
  readonly current?: boolean;
};

/** A link within the console; it keeps the time range. */
export function Go({to, children, className, title, current}: GoProps) {
  const carried = useCarried();
  return (
    <Link
      href={carried(to)}
      {...(className === undefined ? {} : {className})}
      {...(title === undefined ? {} : {title})}
      {...(current ? {'aria-current': 'page' as const} : {})}
    >
      {children}
    </Link>
  );
}
