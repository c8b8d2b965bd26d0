import type {MillraceError} from '../../protocol/index.ts';

/** Problems that are told one by one. */
const TOLD = 5;

/** An error as one text, for protocols whose errors are no more: what happened, each problem, what to do about it. */
export function errorText({message, problems, fix}: MillraceError): string {
  const further = problems.filter(problem => !message.includes(problem.message));
  const more = further.length > TOLD ? [`And ${further.length - TOLD} more.`] : [];
  const told = further.slice(0, TOLD).map(problem => problem.message);
  const fixes = new Set(problems.slice(0, TOLD).flatMap(problem => problem.fix ?? []));
  return [message, ...told, ...more, ...fixes, ...(fix ? [fix] : [])].join(' ');
}
