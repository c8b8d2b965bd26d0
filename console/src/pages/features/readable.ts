/** A definition as people write it: without the second of two pairs of parentheses round the same thing. */
export const readable = (definition: string): string => definition.replace(/\(\(([^()]*)\)\)/g, '($1)');
