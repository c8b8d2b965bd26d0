/** Which features matter to a model, and how much. */

/** What is read of a `ModelDetail`, of a `MonitorWindow` and of a `DriftReport`. */
type Detail = {
  readonly plan: {readonly arms: readonly {readonly version: number; readonly role: string}[]} | null;
  readonly versions: readonly {
    readonly version: number;
    readonly features: readonly {readonly name: string; readonly importance: number}[];
  }[];
};
type Report = {readonly subject: string; readonly effect: number; readonly verdict: string};
type Window = {readonly drift: readonly Report[]};

/** The fewest features that hold this share of the importance are those that matter. */
const ENOUGH = 0.9;

export type Importances = {
  /** Share of the importance; null where the version does not read it, or is not known. */
  of(feature: string): number | null;
  matters(feature: string): boolean;
};

/** Of the version that the window was compared with, else of the champion. */
export function importancesOf(detail: Detail, window?: {readonly profile?: number}): Importances {
  const champion = detail.plan?.arms.find(({role}) => role === 'champion')?.version;
  const number = window?.profile ?? champion;
  const features = detail.versions.find(({version}) => version === number)?.features ?? [];
  const shares = new Map(features.map(({name, importance}) => [name, importance]));
  const important = new Set<string>();
  let held = 0;
  for (const {name, importance} of [...features].sort((a, b) => b.importance - a.importance)) {
    if (held >= ENOUGH) break;
    important.add(name);
    held += importance;
  }
  return {of: feature => shares.get(feature) ?? null, matters: feature => important.has(feature)};
}

/** Features that drift, apart by whether they matter, the weightiest first. */
export function driftOf(
  window: Window | undefined,
  {of, matters}: Importances,
): {readonly matter: readonly Report[]; readonly others: readonly Report[]} {
  const weight = ({subject, effect}: Report) => effect * (of(subject) ?? 0);
  const moved = (window?.drift ?? []).filter(({verdict}) => verdict === 'drift').sort((a, b) => weight(b) - weight(a));
  return {
    matter: moved.filter(({subject}) => matters(subject)),
    others: moved.filter(({subject}) => !matters(subject)),
  };
}
