/** Release plans as data: what makes one valid, and the salt that keeps its assignment sticky. */
import {MillraceError, type Problem, type ReleaseArm, type ReleasePlan} from '../protocol/index.ts';

const ORDER = {champion: 0, canary: 1, shadow: 2} as const;

/** Everything wrong with the arms of a plan; empty if they are valid. */
export function armProblems(arms: readonly ReleaseArm[]): Problem[] {
  const problems: Problem[] = [];
  const count = (role: ReleaseArm['role']) => arms.filter(arm => arm.role === role).length;
  if (count('champion') !== 1)
    problems.push({path: 'arms', message: `A plan has exactly one champion; this one has ${count('champion')}.`});
  if (count('canary') > 1)
    problems.push({path: 'arms', message: `A plan has at most one canary; this one has ${count('canary')}.`});
  arms.forEach(({version, role, share}, i) => {
    const path = `arms[${i}]`;
    if (!Number.isSafeInteger(version) || version < 1)
      problems.push({path: `${path}.version`, message: `${version} is no version; they are 1, 2, 3, …`});
    if (arms.findIndex(arm => arm.version === version) < i)
      problems.push({path: `${path}.version`, message: `Version ${version} has two roles; give it one.`});
    if (role === 'shadow' && share !== 0)
      problems.push({path: `${path}.share`, message: `A shadow answers nobody: its share is 0, not ${share}.`});
    if (role === 'canary' && !(share > 0 && share < 1))
      problems.push({path: `${path}.share`, message: `The share of a canary lies between 0 and 1; ${share} does not.`});
  });
  const total = arms.reduce((sum, arm) => sum + arm.share, 0);
  if (!(Math.abs(total - 1) <= 1e-9))
    problems.push({path: 'arms', message: `The shares sum to ${total}; they must sum to 1.`});
  return problems;
}

/**
 * A frozen plan with its arms in the order champion, canary, shadows by version. Throws REQUEST_INVALID
 * with every problem. The salt names the canary, so that its units stay its own while its share grows,
 * and the next canary draws its units anew.
 */
export function releasePlan(plan: Omit<ReleasePlan, 'salt'>): ReleasePlan {
  const problems = armProblems(plan.arms);
  if (problems.length > 0)
    throw new MillraceError(
      'REQUEST_INVALID',
      `This release plan of '${plan.model}' is not valid: ${problems.map(p => p.message).join(' ')}`,
      {problems, fix: 'Name one champion, at most one canary, and any number of shadows with share 0.'},
    );
  const arms = [...plan.arms].sort((a, b) => ORDER[a.role] - ORDER[b.role] || a.version - b.version);
  const drawn = arms.find(arm => arm.role === 'canary') ?? arms[0]!;
  return Object.freeze({...plan, arms: Object.freeze(arms), salt: `${plan.model}/${drawn.version}`});
}

/** Version of the champion. */
export function championOf(plan: ReleasePlan): number {
  return plan.arms.find(arm => arm.role === 'champion')!.version;
}

/**
 * The champion to go back to: the one that was replaced when today's champion first took over, so that
 * repeated rollbacks walk back through history and never bring back what was just rolled back.
 * `history` in order of revision; undefined if today's champion is the first.
 */
export function previousChampion(history: readonly ReleasePlan[]): number | undefined {
  const champions = history.map(championOf);
  const today = champions.at(-1);
  return today === undefined ? undefined : champions[champions.indexOf(today) - 1];
}
