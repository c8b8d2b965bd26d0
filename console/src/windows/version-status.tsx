import type {VersionStatus} from 'millrace/protocol';
import {type Level, Status} from '../parts/meaning.tsx';

const LEVEL: Record<VersionStatus, Level> = {
  champion: 'good',
  canary: 'watch',
  shadow: 'watch',
  registered: 'unknown',
  retired: 'unknown',
  rejected: 'bad',
};

export const versionLevel = (status: VersionStatus): Level => LEVEL[status];

export function VersionStatusWord({status}: {status: VersionStatus}) {
  return <Status level={LEVEL[status]} word={status} />;
}
