import type {ReleasePlan} from 'millrace/protocol';
import {percent} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import type {Column} from '../../parts/table-columns.ts';

/** Every plan that ever held, and why it came. */
export function PlansTable({plans}: {plans: readonly ReleasePlan[]}) {
  const times = useTimes();
  const columns: readonly Column<ReleasePlan>[] = [
    {id: 'revision', title: 'Revision', value: plan => plan.revision},
    {id: 'at', title: `Since (${times.zoneName})`, value: plan => plan.at, cell: plan => times.minute(plan.at)},
    {
      id: 'arms',
      title: 'Who answers',
      value: plan =>
        plan.arms
          .map(arm => `v${arm.version} ${arm.role} ${arm.role === 'shadow' ? '' : percent(arm.share)}`.trim())
          .join(', '),
    },
    {id: 'reason', title: 'Why', wrap: true, value: plan => plan.reason},
  ];
  return (
    <DataTable
      name="plans"
      title="Plans so far"
      rows={plans}
      columns={columns}
      keyOf={plan => String(plan.revision)}
      order="-revision"
    />
  );
}
