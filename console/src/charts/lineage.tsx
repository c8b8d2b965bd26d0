/** Lineage as a left-to-right layered graph. On a narrow screen the layers stand below each other. */
import {Arrows, type Box, type GraphNode, NodeBox} from './graph.tsx';
import {useWidth} from './use-width.ts';

const NODE = 66;
const GAP_X = 44;
const GAP_Y = 12;

type Props = {
  /** Layers from the sources to what was made of them. */
  readonly layers: readonly (readonly GraphNode[])[];
  /** Pairs of node ids. */
  readonly edges: readonly (readonly [from: string, to: string])[];
};

export function Lineage({layers, edges}: Props) {
  const [element, width] = useWidth<HTMLDivElement>();
  const upright = width < 700;
  const boxes = upright ? below(layers, width) : beside(layers, width);
  const height = Math.max(0, ...[...boxes.values()].map(box => box.y + box.height)) + 1;
  return (
    <div ref={element} className="loop lineage" style={{height}}>
      {width > 0 && (
        <>
          <Arrows width={width} height={height}>
            {head =>
              edges.map(([from, to]) => {
                const [a, b] = [boxes.get(from), boxes.get(to)];
                return (
                  a &&
                  b && (
                    <path
                      key={`${from}→${to}`}
                      d={upright ? down(a, b) : across(a, b)}
                      stroke="currentColor"
                      fill="none"
                      markerEnd={head}
                    />
                  )
                );
              })
            }
          </Arrows>
          {layers.flat().map(node => {
            const place = boxes.get(node.id);
            return place && <NodeBox key={node.id} node={node} box={place} />;
          })}
        </>
      )}
    </div>
  );
}

function beside(layers: Props['layers'], width: number): Map<string, Box> {
  const each = (width - GAP_X * (layers.length - 1)) / layers.length;
  const tallest = Math.max(1, ...layers.map(layer => layer.length));
  return new Map(
    layers.flatMap((layer, column) => {
      const top = ((tallest - layer.length) * (NODE + GAP_Y)) / 2;
      return layer.map((node, row): [string, Box] => [
        node.id,
        {x: column * (each + GAP_X), y: top + row * (NODE + GAP_Y), width: each, height: NODE},
      ]);
    }),
  );
}

function below(layers: Props['layers'], width: number): Map<string, Box> {
  return new Map(
    layers.flatMap((layer, row) => {
      const each = (width - GAP_Y * (layer.length - 1)) / Math.max(1, layer.length);
      return layer.map((node, column): [string, Box] => [
        node.id,
        {x: column * (each + GAP_Y), y: row * (NODE + 28), width: each, height: NODE},
      ]);
    }),
  );
}

function across(a: Box, b: Box): string {
  const [x1, y1, x2, y2] = [a.x + a.width, a.y + a.height / 2, b.x - 1, b.y + b.height / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1},${x2 - bend} ${y2},${x2} ${y2}`;
}

function down(a: Box, b: Box): string {
  const [x1, y1, x2, y2] = [a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y - 1];
  return `M${x1} ${y1}C${x1} ${y1 + 14},${x2} ${y2 - 14},${x2} ${y2}`;
}
