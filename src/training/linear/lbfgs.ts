/** A smooth function: its value at `x`, and its gradient written to `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export type Minimum = {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
};

const MEMORY = 10;

/**
 * Limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", 2006, algorithms 7.4 and 7.5) with a
 * backtracking line search for a convex function. Ends when no component of the gradient exceeds `tolerance`,
 * or when rounding leaves no descent.
 */
export function lbfgs(
  objective: Objective,
  start: Float64Array,
  {
    tolerance,
    maxIterations,
    onIteration,
  }: {tolerance: number; maxIterations: number; onIteration?: (iteration: number, value: number) => void},
): Minimum {
  const size = start.length;
  let x = start.slice();
  let gradient = new Float64Array(size);
  let value = objective(x, gradient);
  const steps: {s: Float64Array; y: Float64Array; rho: number}[] = [];
  for (let iteration = 0; ; iteration++) {
    onIteration?.(iteration, value);
    const converged = largest(gradient) <= tolerance;
    if (converged || iteration === maxIterations) return {x, value, iterations: iteration, converged};
    const direction = twoLoops(gradient, steps);
    const slope = dot(direction, gradient);
    const next = search(objective, x, value, direction, slope, steps.length === 0 ? 1 / (1 + largest(gradient)) : 1);
    if (next === null) return {x, value, iterations: iteration, converged: largest(gradient) <= Math.sqrt(tolerance)};
    const s = next.x.map((v, i) => v - x[i]!);
    const y = next.gradient.map((v, i) => v - gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 1e-12 * dot(y, y)) steps.push({s, y, rho: 1 / curvature});
    if (steps.length > MEMORY) steps.shift();
    ({x, gradient, value} = next);
  }
}

/** The direction -H·gradient, where H is the inverse Hessian that the last steps suggest. */
function twoLoops(
  gradient: Float64Array,
  steps: readonly {s: Float64Array; y: Float64Array; rho: number}[],
): Float64Array {
  const q = gradient.slice();
  const alphas = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    const {s, y, rho} = steps[k]!;
    alphas[k] = rho * dot(s, q);
    add(q, -alphas[k]!, y);
  }
  const last = steps.at(-1);
  const scale = last === undefined ? 1 : 1 / (last.rho * dot(last.y, last.y));
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  steps.forEach(({s, y, rho}, k) => {
    add(q, alphas[k]! - rho * dot(y, q), s);
  });
  return q.map(v => -v);
}

/** Halves the step until the value falls enough (Armijo); null if it does not for any useful step. */
function search(
  objective: Objective,
  x: Float64Array,
  value: number,
  direction: Float64Array,
  slope: number,
  first: number,
) {
  for (let step = first, tries = 0; tries < 50; step /= 2, tries++) {
    const to = x.map((v, i) => v + step * direction[i]!);
    const gradient = new Float64Array(x.length);
    const at = objective(to, gradient);
    if (at <= value + 1e-4 * step * slope && (at < value || tries === 0)) return {x: to, gradient, value: at};
    // Near the minimum values are equal to the last bit; the gradient still tells.
    if (Math.abs(at - value) <= 1e-13 * Math.abs(value) && Math.abs(dot(gradient, direction)) <= 0.9 * Math.abs(slope))
      return {x: to, gradient, value: at};
  }
  return null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * from[i]!;
}

function largest(list: Float64Array): number {
  let most = 0;
  for (const v of list) most = Math.max(most, Math.abs(v));
  return most;
}
