/** Layers of a graph without cycles: each node right of all that lead to it, near to what it is joined with. */

export type Edge = {readonly from: string; readonly to: string};

/** How many edges lie on the longest way to each node. */
export function depthsOf(ids: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const depth = new Map(ids.map(id => [id, 0]));
  // As many rounds as there are layers, at most one for each node.
  for (let round = 0; round < ids.length; round++) {
    let moved = false;
    for (const {from, to} of edges) {
      const wanted = (depth.get(from) ?? 0) + 1;
      if (wanted <= (depth.get(to) ?? 0)) continue;
      depth.set(to, wanted);
      moved = true;
    }
    if (!moved) break;
  }
  return depth;
}

export type Layers = {
  /** Ids by layer; among them those of the places where an edge passes a layer. */
  readonly layers: readonly (readonly string[])[];
  /** The places that an edge passes, by `from→to`; empty for an edge to the next layer. */
  readonly passes: ReadonlyMap<string, readonly string[]>;
};

const SWEEPS = 4;

/** Layers by depth. An edge over several layers has a place in each, so that it crosses no node. */
export function layersOf(ids: readonly string[], edges: readonly Edge[], depth: ReadonlyMap<string, number>): Layers {
  const layers: string[][] = Array.from({length: Math.max(0, ...ids.map(id => depth.get(id) ?? 0)) + 1}, () => []);
  for (const id of ids) layers[depth.get(id) ?? 0]?.push(id);
  const passes = new Map<string, readonly string[]>();
  const steps: Edge[] = [];
  for (const {from, to} of edges) {
    const [start, end] = [depth.get(from) ?? 0, depth.get(to) ?? 0];
    const between = Array.from({length: Math.max(0, end - start - 1)}, (_, i) => `${from}→${to} ${i}`);
    between.forEach((place, i) => {
      layers[start + 1 + i]?.push(place);
    });
    passes.set(`${from}→${to}`, between);
    const chain = [from, ...between, to];
    chain.slice(1).forEach((next, i) => {
      steps.push({from: chain[i] ?? from, to: next});
    });
  }
  return {layers: ordered(layers, steps), passes};
}

/** Each layer by the mean place of its neighbours, from the left and from the right in turn (Sugiyama et al. 1981). */
function ordered(layers: readonly (readonly string[])[], steps: readonly Edge[]): readonly (readonly string[])[] {
  let sorted = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const place = new Map(
      sorted.flatMap(layer => layer.map((id, i): [string, number] => [id, (i + 1) / (layer.length + 1)])),
    );
    const [near, own] = sweep % 2 === 0 ? (['from', 'to'] as const) : (['to', 'from'] as const);
    const pull = (id: string): number => {
      const places = steps.flatMap(step => (step[own] === id ? (place.get(step[near]) ?? []) : []));
      return places.length === 0 ? (place.get(id) ?? 0) : places.reduce((a, b) => a + b, 0) / places.length;
    };
    sorted = sorted.map(layer => [...layer].sort((a, b) => pull(a) - pull(b)));
  }
  return sorted;
}

/** A node, all that leads to it, and all that comes of it. */
export function relatedTo(id: string, edges: readonly Edge[]): Set<string> {
  const found = new Set([id]);
  for (const [near, far] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const open = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const edge of edges)
        if (edge[near] === at && !found.has(edge[far])) {
          found.add(edge[far]);
          open.push(edge[far]);
        }
  }
  return found;
}
