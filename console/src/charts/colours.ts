/** The same thing has the same colour on every page. */

/** Version n of a model: one of the eight, the champion's rank does not change it. */
export const versionColour = (version: number): string => `--c${((version - 1) % 8) + 1}`;

export const CURRENT = '--accent';
export const REFERENCE = '--n6';
/** What is thought before it is known. */
export const ESTIMATED = '--c7';
/** The bound from which on people are told. */
export const LIMIT = '--bad';

/** The value that a CSS variable has now, for drawing on a canvas. */
export function resolved(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}
