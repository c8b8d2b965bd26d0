/** Nodes as boxes with a name, an amount and a detail, and arrows between them; used by the loop and by lineage. */
import {type ReactNode, useId} from 'react';
import {Go} from '../parts/page.tsx';

export type Box = {readonly x: number; readonly y: number; readonly width: number; readonly height: number};

export type GraphNode = {
  readonly id: string;
  readonly name: string;
  readonly amount: string;
  readonly detail: string;
  readonly to: string;
  readonly level?: 'watch' | 'bad';
};

export function NodeBox({node, box}: {node: GraphNode; box: Box}) {
  return (
    <div style={{position: 'absolute', left: box.x, top: box.y, width: box.width, height: box.height}}>
      <Go to={node.to} className="bare node" title={`${node.name}: ${node.amount}, ${node.detail}`}>
        <span className="name">
          {node.name}
          {node.level !== undefined && <span className={`meaning-${node.level}`}> · {node.level}</span>}
        </span>
        <span className="amount">{node.amount}</span>
        <span className="detail">{node.detail}</span>
      </Go>
    </div>
  );
}

/** Paths with an arrow head at their end. */
export function Arrows({
  width,
  height,
  children,
}: {
  width: number;
  height: number;
  children: (head: string) => ReactNode;
}) {
  const id = useId();
  return (
    <svg width={width} height={height} aria-hidden="true">
      <defs>
        <marker
          id={id}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path d="M0 .8 7 4 0 7.2z" fill="currentColor" />
        </marker>
      </defs>
      {children(`url(#${id})`)}
    </svg>
  );
}
