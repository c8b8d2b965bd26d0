// The text of an exported module: a line that says what it is, the runtime, the model as data, and its exports.
import type {ExportedModel} from './edge/exported-model.ts';

/** Names that every exported module exports. */
export const MODULE_EXPORTS = ['model', 'predict', 'answer', 'explain', 'vectorOf', 'predictVector'] as const;

/** `runtime`: the script that tools/build-edge.mjs makes. `handler`: with a default export `{fetch}`. */
export function moduleText(runtime: string, exported: ExportedModel, title: string, handler: boolean): string {
  return `// ${title}
${runtime.trim()}
const edge = millrace.openModel(JSON.parse(${quoted(JSON.stringify(exported))}), Date.now);
export const {${MODULE_EXPORTS.join(', ')}} = edge;
${handler ? 'export default {fetch: millrace.requestHandler(edge)};\n' : ''}`;
}

/** As a string of a script, in ASCII, that may also stand inside a page. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[<\u007f-\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
