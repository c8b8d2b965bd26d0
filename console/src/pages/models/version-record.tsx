import {formatDuration, type ModelVersion} from 'millrace/protocol';
import type {ReactNode} from 'react';
import {bytes, count, inWords, percent, significant} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {CopyButton} from '../../parts/copy-button.tsx';
import {Section} from '../../parts/page.tsx';
import {Leakage} from './leakage.tsx';

/** Splits, hashes, parameters and the ONNX check: what a later reader needs to make it again. */
export function VersionRecord({version}: {version: ModelVersion}) {
  const times = useTimes();
  const {dataset, artifact, lineage, evaluation} = version;
  return (
    <div className="columns">
      <Section id="dataset" title="Dataset">
        <dl className="facts">
          <dt>Known by</dt>
          <dd>
            {times.minute(dataset.asOf)} {times.zoneName}
          </dd>
          {evaluation.splits.map(split => (
            <Fact key={split.name} name={split.name}>
              {count(split.rows)} rows, {percent(split.positives / Math.max(1, split.rows))} positive,{' '}
              {times.day(split.from)} – {times.day(split.to)}
            </Fact>
          ))}
          <Fact name="Gap">{formatDuration(evaluation.gapMs)} between splits</Fact>
          <Fact name="Left out">
            {count(dataset.pending)} pending, {count(dataset.unknown)} without a label
          </Fact>
          <Fact name="Leakage">
            <Leakage findings={dataset.leakage} />
          </Fact>
          <Fact name="Hash">
            <span className="hash">{dataset.hash}</span>
          </Fact>
        </dl>
      </Section>
      <Section
        title="Artifact"
        tools={<CopyButton quiet label="Copy the whole record" text={() => JSON.stringify(version, null, 2)} />}
      >
        <dl className="facts">
          <Fact name="File">
            {artifact.name}, {bytes(artifact.bytes)}
          </Fact>
          <Fact name="SHA-256">
            <span className="hash">{artifact.sha256}</span>
          </Fact>
          <Fact name="ONNX">{artifact.onnxName ?? 'not exported'}</Fact>
          {artifact.onnxSha256 !== null && (
            <Fact name="Its SHA-256">
              <span className="hash">{artifact.onnxSha256}</span>
            </Fact>
          )}
          <Fact name="Difference">
            {artifact.onnxMaxDifference === null
              ? 'not checked against ONNX Runtime'
              : `at most ${significant(artifact.onnxMaxDifference)} from ONNX Runtime on ${count(artifact.onnxRows)} rows`}
          </Fact>
          <Fact name="Definitions">
            <span className="hash">{lineage.definitionHash}</span>
          </Fact>
          <Fact name="Parameters">
            {Object.entries(version.parameters)
              .map(
                ([name, value]) =>
                  `${inWords(name)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
              )
              .join(', ')}
          </Fact>
        </dl>
      </Section>
    </div>
  );
}

function Fact({name, children}: {name: string; children: ReactNode}) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
