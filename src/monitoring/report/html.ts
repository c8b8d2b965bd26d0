/** Text of HTML that cannot be broken by what stands in the data. */

export type Html = {readonly html: string};

type Part = Html | string | number | readonly Html[];

/** A template whose texts are escaped, and whose `Html` parts are not. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {html: template.map((text, i) => text + (i < parts.length ? textOf(parts[i]!) : '')).join('')};
}

export const nothing: Html = {html: ''};

function textOf(part: Part): string {
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return part.replace(/[&<>"']/g, mark => `&#${mark.charCodeAt(0)};`);
  return 'html' in part ? part.html : part.map(({html: text}) => text).join('');
}
