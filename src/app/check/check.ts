import type {ModelDefinition} from '../definitions/model.ts';
import type {Project} from '../project/project.ts';

/** What is wrong, where, and what to do about it. */
export type Finding = {
  readonly check: string;
  /** `error`: it cannot work as written. `warn`: it can, but probably not as meant. */
  readonly severity: 'error' | 'warn';
  /** The definition, such as `model lateness` or `view outbound`. */
  readonly subject: string;
  readonly message: string;
  readonly fix: string;
};

export type Wrong = Pick<Finding, 'subject' | 'message' | 'fix'>;

/** A span of event time of a stream's history (UTC ms). */
export type Span = {readonly from: number; readonly to: number};

/** What a check may look at: the definitions, and the spans of the histories that stand. */
export type Checked = {readonly project: Project; readonly spans: ReadonlyMap<string, Span>};

/** One rule about a project. `rule` says it in a sentence, for the list that `check --list` prints. */
export type ProjectCheck = {
  readonly name: string;
  readonly severity: Finding['severity'];
  readonly rule: string;
  find(checked: Checked): Iterable<Wrong>;
};

/** A rule that looks at one model at a time. */
export function modelCheck(
  name: string,
  severity: Finding['severity'],
  rule: string,
  find: (model: ModelDefinition, checked: Checked) => Iterable<Omit<Wrong, 'subject'>>,
): ProjectCheck {
  return {
    name,
    severity,
    rule,
    *find(checked) {
      for (const model of checked.project.models)
        for (const wrong of find(model, checked)) yield {subject: `model ${model.name}`, ...wrong};
    },
  };
}
