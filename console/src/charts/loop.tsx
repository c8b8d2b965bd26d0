/**
 * The loop at a glance: ten stages round a mill race, five there and five back. On a narrow screen the
 * same ring stands upright: five down at the left, five up at the right.
 */
import {Arrows, type Box, type GraphNode, NodeBox} from './graph.tsx';
import {useWidth} from './use-width.ts';

const NODE = 72;
const GAP = 36;

/** Ten nodes in the order of the flow, from events to retraining. */
export function Loop({nodes}: {nodes: readonly GraphNode[]}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const upright = width < 620;
  const boxes = upright ? uprightBoxes(width) : lyingBoxes(width);
  const height = upright ? 5 * NODE + 4 * 20 : 2 * NODE + 56;
  const serving = boxes[6];
  const features = boxes[1];
  return (
    <div ref={box} className="loop" style={{height}}>
      {width > 0 && (
        <>
          <Arrows width={width} height={height}>
            {head => (
              <>
                {boxes.map((from, i) => {
                  const to = boxes[(i + 1) % boxes.length];
                  return (
                    to && (
                      <path
                        key={nodes[i]?.id ?? i}
                        d={between(from, to)}
                        stroke="currentColor"
                        fill="none"
                        markerEnd={head}
                      />
                    )
                  );
                })}
                {features && serving && <LiveValues from={features} to={serving} upright={upright} head={head} />}
              </>
            )}
          </Arrows>
          {nodes.map((node, i) => {
            const place = boxes[i];
            return place && <NodeBox key={node.id} node={node} box={place} />;
          })}
        </>
      )}
    </div>
  );
}

function lyingBoxes(width: number): Box[] {
  const each = (width - 4 * GAP) / 5;
  const at = (column: number, row: number) => ({
    x: column * (each + GAP),
    y: row * (NODE + 56),
    width: each,
    height: NODE,
  });
  return [0, 1, 2, 3, 4].map(column => at(column, 0)).concat([4, 3, 2, 1, 0].map(column => at(column, 1)));
}

function uprightBoxes(width: number): Box[] {
  const each = (width - GAP) / 2;
  const at = (column: number, row: number) => ({
    x: column * (each + GAP),
    y: row * (NODE + 20),
    width: each,
    height: NODE,
  });
  return [0, 1, 2, 3, 4].map(row => at(0, row)).concat([4, 3, 2, 1, 0].map(row => at(1, row)));
}

/** A straight arrow between the facing sides of two boxes of the same row or column. */
function between(from: Box, to: Box): string {
  const middle = (box: Box) => ({x: box.x + box.width / 2, y: box.y + box.height / 2});
  if (from.y === to.y) {
    const right = to.x > from.x;
    const y = middle(from).y;
    return `M${right ? from.x + from.width : from.x} ${y}H${right ? to.x - 1 : to.x + to.width + 1}`;
  }
  const down = to.y > from.y;
  const x = middle(from).x;
  return `M${x} ${down ? from.y + from.height : from.y}V${down ? to.y - 1 : to.y + to.height + 1}`;
}

/** Features are not only trained on: serving reads their live values. */
function LiveValues({from, to, upright, head}: {from: Box; to: Box; upright: boolean; head: string}) {
  const start = upright
    ? {x: from.x + from.width, y: from.y + from.height * 0.7}
    : {x: from.x + from.width * 0.75, y: from.y + from.height};
  const end = upright ? {x: to.x - 1, y: to.y + to.height * 0.3} : {x: to.x + to.width * 0.25, y: to.y - 1};
  const d = upright
    ? `M${start.x} ${start.y}C${start.x + GAP * 0.9} ${start.y},${end.x - GAP * 0.9} ${end.y},${end.x} ${end.y}`
    : `M${start.x} ${start.y}C${start.x} ${start.y + 40},${end.x} ${end.y - 40},${end.x} ${end.y}`;
  return (
    <>
      <path d={d} stroke="var(--accent)" strokeDasharray="3 3" fill="none" markerEnd={head} />
      {!upright && (
        <text
          x={(start.x + end.x) / 2}
          y={(start.y + end.y) / 2 - 7}
          textAnchor="middle"
          fontSize="11.5"
          style={{fill: 'var(--n7)'}}
        >
          live values
        </text>
      )}
    </>
  );
}
