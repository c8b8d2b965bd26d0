/**
 * A left-to-right layered graph. Nodes are links or buttons: tab goes through them from the left, the arrows go along
 * the edges and within a layer. The chosen node shows what it is joined with; a layer of many opens when asked.
 */
import {type KeyboardEvent, useEffect, useState} from 'react';
import {Go} from '../parts/page.tsx';
import {Arrows} from './graph.tsx';
import {type Box, place} from './layered-places.ts';
import {type Edge, relatedTo} from './layers.ts';
import {useWidth} from './use-width.ts';

export type LayeredNode = {
  readonly id: string;
  /** What it is, above its name. */
  readonly kind: string;
  readonly name: string;
  readonly detail: string;
  readonly path: string | null;
  /** A word that must not be missed. */
  readonly mark?: string | undefined;
};

export type LayeredEdge = Edge & {readonly dashed?: boolean};

type Props = {
  readonly label: string;
  readonly nodes: readonly LayeredNode[];
  readonly edges: readonly LayeredEdge[];
  /** The node that the graph is about. */
  readonly focus: string;
};

export function LayeredGraph({label, nodes, edges, focus}: Props) {
  const [element, width] = useWidth<HTMLElement>();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const ids = nodes.map(node => node.id);
  const {layers, boxes, more, paths, width: total, height} = place(ids, edges, {focus, open, width});
  const centre = middleOf(boxes.get(focus));
  useEffect(() => {
    if (element.current && width > 0) element.current.scrollLeft = centre - element.current.clientWidth / 2;
  }, [element, centre, width]);
  const related = chosen === null ? null : relatedTo(chosen, edges);
  const nameOf = (id: string) => nodes.find(node => node.id === id)?.name ?? id;

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-node]')?.dataset.node;
    const next = id === undefined ? null : neighbour(id, event.key, layers, edges);
    if (next === null) return;
    event.preventDefault();
    const target = event.currentTarget.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"] > *`);
    target?.focus();
    target?.scrollIntoView({block: 'nearest', inline: 'nearest'});
  };

  return (
    <section
      ref={element}
      className="layered"
      aria-label={label}
      onKeyDown={onKeyDown}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      {width > 0 && (
        <div className="loop" style={{height, width: total}}>
          <Arrows width={total} height={height}>
            {head =>
              edges.map(({from, to, dashed}) => {
                const d = paths.get(`${from}→${to}`);
                if (d === undefined) return null;
                const near = related === null || (related.has(from) && related.has(to));
                return (
                  <path
                    key={`${from}→${to}`}
                    d={d}
                    stroke={related !== null && near ? 'var(--accent)' : 'currentColor'}
                    opacity={near ? 1 : 0.25}
                    {...(dashed ? {strokeDasharray: '3 3'} : {})}
                    fill="none"
                    markerEnd={head}
                  />
                );
              })
            }
          </Arrows>
          {layers.map((layer, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place.
            <div key={i} className="layer">
              {layer.map(id => {
                const node = nodes.find(candidate => candidate.id === id);
                const box = boxes.get(id);
                if (!node || !box) return null;
                const from = edges.filter(edge => edge.to === id).map(edge => nameOf(edge.from));
                const to = edges.filter(edge => edge.from === id).map(edge => nameOf(edge.to));
                const text = `${node.kind} ${node.name}, ${node.detail}${node.mark ? `, ${node.mark}` : ''}${from.length > 0 ? `; made of ${from.join(', ')}` : ''}${to.length > 0 ? `; goes into ${to.join(', ')}` : ''}`;
                return (
                  // biome-ignore lint/a11y/noStaticElementInteractions: only shows what the node is joined with.
                  <div
                    key={id}
                    data-node={id}
                    className={`place${id === focus ? ' focus' : ''}${related !== null && !related.has(id) ? ' far' : ''}`}
                    style={{left: box.x, top: box.y, width: box.width, height: box.height}}
                    onMouseEnter={() => setChosen(id)}
                    onMouseLeave={() => setChosen(null)}
                    onFocus={() => setChosen(id)}
                    onBlur={() => setChosen(null)}
                  >
                    <NodeContent node={node} text={text} current={id === focus} />
                  </div>
                );
              })}
              <MoreButton more={more.get(i)} onClick={() => setOpen(new Set([...open, i]))} />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

function NodeContent({node, text, current}: {node: LayeredNode; text: string; current: boolean}) {
  const inside = (
    <>
      <span className="name">
        {node.kind}
        {node.mark !== undefined && <span className="meaning-watch"> · {node.mark}</span>}
      </span>
      <span className="amount">{node.name}</span>
      <span className="detail">{node.detail}</span>
    </>
  );
  if (node.path === null || current)
    return (
      <button type="button" className="node" title={text} {...(current ? {'aria-current': true} : {})}>
        {inside}
      </button>
    );
  return (
    <Go to={node.path} className="bare node" title={text}>
      {inside}
    </Go>
  );
}

type More = {readonly count: number; readonly box: Box};

function MoreButton({more, onClick}: {more: More | undefined; onClick: () => void}) {
  if (!more) return null;
  const {x, y, width} = more.box;
  return (
    <button type="button" className="button quiet place" style={{left: x, top: y, width}} onClick={onClick}>
      {more.count} more
    </button>
  );
}

const middleOf = (box: Box | undefined): number => (box ? box.x + box.width / 2 : 0);

/** Where an arrow key leads from a node; null: nowhere. */
function neighbour(
  id: string,
  key: string,
  layers: readonly (readonly string[])[],
  edges: readonly Edge[],
): string | null {
  const layer = layers.find(candidate => candidate.includes(id)) ?? [];
  const visible = new Set(layers.flat());
  if (key === 'ArrowUp' || key === 'ArrowDown') return layer[layer.indexOf(id) + (key === 'ArrowUp' ? -1 : 1)] ?? null;
  if (key === 'ArrowRight') return edges.find(edge => edge.from === id && visible.has(edge.to))?.to ?? null;
  if (key === 'ArrowLeft') return edges.find(edge => edge.to === id && visible.has(edge.from))?.from ?? null;
  return null;
}
