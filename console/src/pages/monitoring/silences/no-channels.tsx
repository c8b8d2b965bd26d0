import {Empty} from '../../../parts/empty.tsx';

/** Nobody but the log is told. */
export function NoChannels() {
  return (
    <Empty
      title="Only the log is told"
      text="Incidents reach people by mail, Slack or a webhook once the project file declares a channel. Addresses and secrets come from the environment."
      command="notifications({channels: [slack('team', {url: {env: 'SLACK_URL'}})]})"
      docs="docs/rooms/monitoring.md"
    />
  );
}
