/** Silences and maintenance: what nobody is told of, until when, by whom and why; and the channels that people are told by. */
import type {Overview, Silence} from 'millrace/protocol';
import {useState} from 'react';
import {Await} from '../../../data/await.tsx';
import {type ChannelName, useChannels, useOverview, useSilences} from '../../../data/queries.ts';
import {plural} from '../../../format/numbers.ts';
import {Page, Section} from '../../../parts/page.tsx';
import {ChannelsTable} from './channels-table.tsx';
import {SilenceForm} from './silence-form.tsx';
import {SilencesTable, stateOf} from './silences-table.tsx';

const CRUMBS = [{title: 'Monitoring', path: '/monitoring'}];

export function SilencesPage() {
  const silences = useSilences();
  const overview = useOverview();
  const channels = useChannels();
  return (
    <Await reads={{silences, overview, channels}} title="Silences">
      {got => <Content {...got} />}
    </Await>
  );
}

type Props = {
  readonly silences: readonly Silence[];
  readonly overview: Overview;
  readonly channels: readonly ChannelName[];
};

function Content({silences, overview, channels}: Props) {
  const {clock, models} = overview;
  const [making, setMaking] = useState(false);
  const active = silences.filter(silence => stateOf(silence, clock) === 'active').length;
  const quiet = overview.openIncidents.filter(({silencedBy}) => silencedBy !== null).length;
  const sentence =
    active === 0
      ? 'Nothing is silenced: people are told of every incident.'
      : `${plural(active, 'silence is', 'silences are')} in force; ${plural(quiet, 'open incident is', 'open incidents are')} kept quiet.`;
  return (
    <Page title="Silences" crumbs={CRUMBS} verdict={{level: active === 0 ? 'good' : 'watch', sentence}}>
      <Section id="new" title="New silence">
        {making ? (
          <SilenceForm initial={{model: models[0]?.model ?? ''}} clock={clock} close={() => setMaking(false)} />
        ) : (
          <button type="button" className="button" onClick={() => setMaking(true)}>
            Silence or plan maintenance…
          </button>
        )}
      </Section>
      <SilencesTable silences={silences} clock={clock} />
      <ChannelsTable channels={channels} />
    </Page>
  );
}
