import type {TableReport} from './table-report.ts';
export function htmlReport(report: TableReport): string {
  return JSON.stringify(report);
}
