/**
 * The text of server-sent events, taken apart as it arrives.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */

/** Feed it pieces of text of any size; it gives back the `data` of each event that they complete. */
export class EventStreamParser {
  #rest = '';
  #data: string[] = [];

  push(text: string): string[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const events: string[] = [];
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line === '') {
        if (this.#data.length > 0) events.push(this.#data.join('\n'));
        this.#data = [];
      } else if (line.startsWith('data:')) {
        this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
      }
      // Other fields (event, id, retry) and comments carry nothing that this API uses.
    }
    return events;
  }
}
