import type {TypeName} from '../../protocol/index.ts';

/** The types of archived columns; times are epoch milliseconds. */
export const SQL_TYPE: Readonly<Record<TypeName, string>> = {
  string: 'VARCHAR',
  number: 'DOUBLE',
  int: 'BIGINT',
  bool: 'BOOLEAN',
  time: 'BIGINT',
};
