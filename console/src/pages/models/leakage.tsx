import type {ModelVersion} from 'millrace/protocol';
import {type Level, Status} from '../../parts/meaning.tsx';

type Finding = ModelVersion['dataset']['leakage'][number];

const LEVEL: Record<Finding['severity'], Level> = {ok: 'good', warn: 'watch', block: 'bad'};

/** What the checks for leakage found: warnings and blocks one by one, first; what is in order a line a check. */
export function Leakage({findings}: {findings: readonly Finding[]}) {
  if (findings.length === 0) return <>not checked</>;
  const fine = findings.filter(finding => finding.severity === 'ok');
  const checks = [...new Set(fine.map(finding => finding.check))];
  return (
    <>
      {findings
        .filter(finding => finding.severity !== 'ok')
        .map(finding => (
          <One key={`${finding.check}/${finding.feature}`} finding={finding} />
        ))}
      {checks.map(check => {
        const [first, ...others] = fine.filter(finding => finding.check === check);
        if (!first) return null;
        return others.length === 0 ? (
          <One key={check} finding={first} />
        ) : (
          <Group key={check} check={check} findings={[first, ...others]} />
        );
      })}
    </>
  );
}

function One({finding}: {finding: Finding}) {
  return (
    <span className="finding">
      <Status
        level={LEVEL[finding.severity]}
        word={finding.feature === null ? finding.message : `${finding.feature}: ${finding.message}`}
      />
    </span>
  );
}

/** One line, with the message that all share or only the count; opened, every finding. */
function Group({check, findings}: {check: string; findings: readonly Finding[]}) {
  const messages = new Set(findings.map(finding => finding.message));
  const shared = messages.size === 1 ? findings[0]?.message : undefined;
  return (
    <details className="finding">
      <summary>
        <Status
          level="good"
          word={`${check}: ${findings.length} features${shared === undefined ? ', all in order' : `, ${shared.replace(/\.$/, '')}`}`}
        />{' '}
        <span className="reveal small">each</span>
      </summary>
      {findings.map(finding => (
        <span key={finding.feature} className="all muted">
          {finding.feature ?? 'all'}
          {shared === undefined && `: ${finding.message}`}
        </span>
      ))}
    </details>
  );
}
