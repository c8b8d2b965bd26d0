import {isActive, silenceOf, timeWords, withMessage} from '../../monitoring/index.ts';
import {type Alert, type Incident, MillraceError, type Silence} from '../../protocol/index.ts';
import {type IncidentRecords, silenceWrite} from './incident-records.ts';
import {parseSilence} from './silence-request.ts';

/** Characters of an id that people type. */
const SHORT = 8;

/** All silences and maintenance windows, as they are kept. */
export class SilenceBook {
  readonly #records: IncidentRecords;
  readonly #newId: () => string;
  #silences: readonly Silence[] = [];

  constructor(records: IncidentRecords, newId: () => string) {
    this.#records = records;
    this.#newId = newId;
  }

  async open(): Promise<void> {
    this.#silences = await this.#records.silences();
  }

  /** Throws REQUEST_INVALID. */
  async add(request: unknown, by: string, now: number): Promise<Silence> {
    const silence = {id: this.#newId().slice(0, SHORT), ...parseSilence(request, now), by};
    await this.#records.write([silenceWrite(silence)]);
    this.#silences = [silence, ...this.#silences];
    return silence;
  }

  /** Ends one now, also one that has not begun. Throws RECORD_NOT_FOUND. */
  async end(id: string, now: number): Promise<Silence> {
    const found = this.#silences.find(silence => silence.id === id);
    if (!found)
      throw new MillraceError('RECORD_NOT_FOUND', `There is no silence '${id.slice(0, 60)}'.`, {
        fix: 'Run millrace silence list for those that there are.',
      });
    const ended = {...found, from: Math.min(found.from, now), to: Math.min(found.to, now)};
    await this.#records.write([silenceWrite(ended)]);
    this.#silences = this.#silences.map(silence => (silence.id === id ? ended : silence));
    return ended;
  }

  /**
   * The incident with the silence that keeps it quiet now; the same if nothing changes. One that resolved while it was
   * silenced stays so until the silence ends.
   */
  apply(incident: Incident, speaking: readonly Alert[], now: number): Incident {
    const held = this.#silences.find(silence => silence.id === incident.silencedBy && isActive(silence, now));
    const by = incident.resolvedAt === null ? silenceOf(incident, speaking, this.#silences, now) : (held ?? null);
    if ((by?.id ?? null) === incident.silencedBy) return incident;
    const words = by ? `Silenced by ${by.by} until ${timeWords(by.to)}: ${by.reason}` : 'No longer silenced.';
    return withMessage({...incident, silencedBy: by?.id ?? null}, now, words);
  }
}
