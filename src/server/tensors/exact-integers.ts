/** Digits that a double always holds. */
const SAFE_DIGITS = 15;

/**
 * JSON text with its long integers in quotes, so that `JSON.parse` leaves all their digits: of 64-bit integers it would
 * keep 53 bits. Numbers with a fraction or an exponent stay as they are.
 */
export function quoteLongIntegers(text: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, i);
      const token = text.slice(i, end);
      if (token.length > SAFE_DIGITS && /^-?\d+$/.test(token)) {
        parts.push(text.slice(kept, i), '"', token, '"');
        kept = end;
      }
      i = end - 1;
    }
  }
  return parts.join('') + text.slice(kept);
}

const QUOTE = 34;
const MINUS = 45;
const BACKSLASH = 92;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** What a number goes on with: digits, sign, point, exponent. */
const isNumeric = (code: number): boolean =>
  isDigit(code) || code === 43 || code === MINUS || code === 46 || code === 69 || code === 101;

/** Where the closing quote of the string that opens at `start` stands; the text's end if there is none. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) break;
  }
  return i;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && isNumeric(text.charCodeAt(end))) end++;
  return end;
}
