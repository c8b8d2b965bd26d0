import type {Lineage, LineageEdge, LineageNode} from '../../protocol/index.ts';

/** A lineage being drawn: nodes and edges, each once, in the order in which they were met. */
export class LineageGraph {
  readonly #nodes = new Map<string, LineageNode>();
  readonly #edges = new Map<string, LineageEdge>();

  /** Adds a node unless it is there; returns its id. `personal` stays true once it was. */
  node({
    path = null,
    personal = false,
    ...node
  }: Omit<LineageNode, 'path' | 'personal'> & Partial<LineageNode>): string {
    const known = this.#nodes.get(node.id);
    this.#nodes.set(node.id, {...node, path, personal: personal || (known?.personal ?? false)});
    return node.id;
  }

  edge(from: string, to: string, role: LineageEdge['role'] = 'value'): void {
    const id = `${from}→${to}`;
    if (!this.#edges.has(id)) this.#edges.set(id, {from, to, role});
  }

  of(feature: string): Lineage {
    return {feature, nodes: [...this.#nodes.values()], edges: [...this.#edges.values()]};
  }
}
