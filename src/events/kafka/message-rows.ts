// Values of messages as rows of the source. What is no JSON is a refused row like any other, with the place that it
// came from.
import type {Columns} from '../../protocol/index.ts';
import {show} from '../checks/rule.ts';
import {readRows} from '../gate/read-rows.ts';
import type {RefusedRow} from '../gate/refusal.ts';
import {rowAsJson} from '../quarantine/refused-row.ts';
import type {Source} from '../source.ts';
import type {Message} from './messages.ts';

const UTF8 = new TextDecoder('utf-8', {fatal: true});

export function messageRows(
  source: Source,
  topic: string,
  messages: readonly Message[],
): {readonly columns: Columns; readonly unreadable: readonly RefusedRow[]} {
  const rows: unknown[] = [];
  const unreadable: RefusedRow[] = [];
  for (const message of messages) {
    try {
      rows.push(message.value === null ? null : JSON.parse(UTF8.decode(message.value)));
    } catch (error) {
      unreadable.push(noJson(topic, message, (error as Error).message));
    }
  }
  const {columns, refused} = readRows(source, rows);
  for (const {index, ...reason} of refused) unreadable.push({...reason, row: rowAsJson(rows[index])});
  return {columns, unreadable};
}

/** Bytes that are no text are kept as base64. */
function noJson(topic: string, {partition, offset, value}: Message, reason: string): RefusedRow {
  const bytes = value!;
  const text = bytes.toString('utf8');
  const kept: Record<string, string> = Buffer.from(text).equals(bytes)
    ? {value: text}
    : {base64: bytes.toString('base64')};
  const place = {topic, partition, offset: String(offset)};
  return {
    check: 'json',
    message: `The message at offset ${offset} of partition ${partition} of '${topic}' is no JSON: ${reason}`,
    example: show(text),
    row: {...place, ...kept},
  };
}
