// Names and texts inside SQL. Values of queries are parameters; file lists and column names cannot be.

/** A text literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An identifier. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
