/** The events behind a value, as the log gives it now. */
import {useQuery} from '@tanstack/react-query';
import type {SkewExample, WhyAnswer} from 'millrace/protocol';
import {client} from '../../data/queries.ts';
import {count, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Failure} from '../../parts/failure.tsx';
import {Section} from '../../parts/page.tsx';
import {Bone} from '../../parts/skeleton.tsx';

export type Asked = {
  readonly set: string;
  readonly feature: string;
  readonly entity: SkewExample['request'];
  readonly at: number;
};

export function Why({asked}: {asked: Asked}) {
  const {set, ...question} = asked;
  const read = useQuery({
    queryKey: ['why', asked],
    queryFn: ({signal}) => client.why(set, question, {signal}),
  });
  const title = `Why ${asked.feature}`;
  if (read.data) return <Answer title={title} answer={read.data} />;
  return (
    <Section title={title}>
      {read.error ? <Failure error={read.error} retry={() => void read.refetch()} /> : <Bone height={120} />}
    </Section>
  );
}

function Answer({title, answer}: {title: string; answer: WhyAnswer}) {
  const times = useTimes();
  const value = answer.value === null ? 'null' : String(answer.value);
  const head = `${answer.definition} at ${times.second(answer.at)} ${times.zoneName} is ${value}`;
  if (answer.window === null)
    return (
      <Section title={title} aside={head}>
        <dl className="facts">
          {(answer.inputs ?? []).map(input => (
            <div key={input.name}>
              <dt>{input.name}</dt>
              <dd>{String(input.value)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    );
  const {events, count: all, source} = answer.window;
  return (
    <DataTable
      name="why"
      title={title}
      aside={`${head}; ${plural(all, 'event')} of ${source}${events.length < all ? `, the newest ${events.length}` : ''}`}
      rows={events}
      keyOf={event => `${event.position}`}
      columns={[
        {id: 'event', title: 'Event', value: event => event.id},
        {
          id: 'time',
          title: `Time, ${times.zoneName}`,
          value: event => event.time,
          cell: event => times.second(event.time),
        },
        {id: 'arrival', title: 'Arrived', value: event => event.arrival, cell: event => times.second(event.arrival)},
        {
          id: 'position',
          title: 'Log position',
          number: true,
          value: event => event.position,
          cell: event => count(event.position),
        },
        {
          id: 'input',
          title: 'Taken of it',
          number: true,
          value: event => event.input,
          cell: event => String(event.input),
        },
      ]}
    />
  );
}
