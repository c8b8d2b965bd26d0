/** Who may see a value: `personal` is data about a person. */
export type Sensitivity = 'public' | 'internal' | 'personal';

/** What people need to know of a feature. It changes nothing of its value. */
export type About = {
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly sensitivity: Sensitivity;
};

export type AboutOptions = Partial<About>;

const UNKNOWN: About = Object.freeze({description: '', owner: '', tags: [], sensitivity: 'internal'});

/** The words given, above those of the whole. */
export const aboutOf = (given: AboutOptions | undefined, whole: About = UNKNOWN): About =>
  Object.freeze({
    description: given?.description ?? whole.description,
    owner: given?.owner ?? whole.owner,
    tags: Object.freeze([...new Set([...whole.tags, ...(given?.tags ?? [])])]),
    sensitivity: given?.sensitivity ?? whole.sensitivity,
  });
