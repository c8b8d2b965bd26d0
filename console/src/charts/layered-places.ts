/** Where the nodes and edges of a layered graph stand, in CSS pixels. */
import {depthsOf, type Edge, layersOf} from './layers.ts';

const NARROWEST = 118;
const WIDEST = 220;
const NODE = 76;
/** Height of the place where an edge passes a layer. */
const PASS = 14;
const MORE = 32;
const GAP_X = 26;
const GAP_Y = 10;
/** More nodes than this in a layer are shown when asked for. */
const SHOWN = 4;

export type Box = {readonly x: number; readonly y: number; readonly width: number; readonly height: number};

export type Placed = {
  /** Ids of the nodes that are shown, by layer, from the top. */
  readonly layers: readonly (readonly string[])[];
  readonly boxes: ReadonlyMap<string, Box>;
  /** For each layer with hidden nodes: how many, and where the button stands that shows them. */
  readonly more: ReadonlyMap<number, {readonly count: number; readonly box: Box}>;
  /** Paths by `from→to`. */
  readonly paths: ReadonlyMap<string, string>;
  readonly width: number;
  readonly height: number;
};

export type PlaceOptions = {
  readonly focus: string;
  /** Layers that show all their nodes. */
  readonly open: ReadonlySet<number>;
  readonly width: number;
};

export function place(ids: readonly string[], edges: readonly Edge[], {focus, open, width}: PlaceOptions): Placed {
  const depth = depthsOf(ids, edges);
  const hidden = new Map<number, number>();
  const shown = new Set<string>();
  for (let at = 0; at <= Math.max(0, ...depth.values()); at++) {
    const members = ids.filter(id => depth.get(id) === at);
    const kept = open.has(at) || members.length <= SHOWN + 1 ? members : first(members, focus);
    for (const id of kept) shown.add(id);
    if (kept.length < members.length) hidden.set(at, members.length - kept.length);
  }
  const drawn = edges.filter(({from, to}) => shown.has(from) && shown.has(to));
  const {layers, passes} = layersOf(
    ids.filter(id => shown.has(id)),
    drawn,
    depth,
  );
  const each = Math.min(
    WIDEST,
    Math.max(NARROWEST, Math.floor((width - GAP_X * (layers.length - 1)) / Math.max(1, layers.length))),
  );
  const size = (id: string): number => (shown.has(id) ? NODE : PASS);
  const tall = layers.map(
    (layer, i) => layer.reduce((sum, id) => sum + size(id) + GAP_Y, -GAP_Y) + (hidden.has(i) ? MORE + GAP_Y : 0),
  );
  const height = Math.max(NODE, ...tall);
  const boxes = new Map<string, Box>();
  const more = new Map<number, {count: number; box: Box}>();
  layers.forEach((layer, column) => {
    const x = column * (each + GAP_X);
    let y = (height - (tall[column] ?? 0)) / 2;
    for (const id of layer) {
      boxes.set(id, {x, y, width: each, height: size(id)});
      y += size(id) + GAP_Y;
    }
    const count = hidden.get(column);
    if (count !== undefined) more.set(column, {count, box: {x, y, width: each, height: MORE}});
  });
  const paths = new Map(
    drawn.map(({from, to}): [string, string] => {
      const key = `${from}→${to}`;
      return [key, pathThrough([from, ...(passes.get(key) ?? []), to].flatMap(id => boxes.get(id) ?? []))];
    }),
  );
  return {
    layers: layers.map(layer => layer.filter(id => shown.has(id))),
    boxes,
    more,
    paths,
    width: layers.length * (each + GAP_X) - GAP_X + 1,
    height: height + 1,
  };
}

/** The first few, and the focus if it is among the others. */
function first(members: readonly string[], focus: string): readonly string[] {
  const few = members.slice(0, SHOWN);
  return few.includes(focus) || !members.includes(focus) ? few : [...few.slice(0, -1), focus];
}

/** From the right of the first box to the left of the last, straight through those between. */
function pathThrough(boxes: readonly Box[]): string {
  return boxes
    .slice(1)
    .map((to, i) => {
      const from = boxes[i] ?? to;
      const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
      const last = i === boxes.length - 2;
      const bend = (x2 - x1) / 2;
      const end = last ? x2 - 1 : x2;
      return `${i === 0 ? 'M' : 'L'}${x1} ${y1}C${x1 + bend} ${y1},${x2 - bend} ${y2},${end} ${y2}`;
    })
    .join('');
}
