/** A headless Chromium for the tests of the console, and why there is none where there is none. */
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import axe from 'axe-core';
import {type Browser, chromium, type Page} from 'playwright-core';

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';
const INDEX = fileURLToPath(new URL('../../console/dist/index.html', import.meta.url));

/** Null when the browser tests can run. */
export const missing: string | null = existsSync(PATH)
  ? existsSync(INDEX)
    ? null
    : 'console/dist is absent: run npm run build:console'
  : `no Chromium at ${PATH}: install it or set CHROMIUM`;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export type Screen = {width: number; height: number; theme: 'light' | 'dark'};

export const WIDE: Screen = {width: 1280, height: 900, theme: 'light'};
export const NARROW: Screen = {width: 390, height: 844, theme: 'dark'};

/** A page of its own that collects what the browser complains about. */
export async function openPage(browser: Browser, screen: Screen = WIDE): Promise<{page: Page; complaints: string[]}> {
  const context = await browser.newContext({
    viewport: {width: screen.width, height: screen.height},
    colorScheme: screen.theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return {page, complaints};
}

/** Serious and critical violations of WCAG as axe sees them, one line each; by all its rules, or by those named. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const options = {resultTypes: ['violations'], ...(rules === undefined ? {} : {runOnly: rules})};
  await page.evaluate(axe.source);
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as axe.AxeResults;
  return results.violations
    .filter(violation => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 160)}`));
}

/** By how many pixels the page is wider than it should be. */
export async function overflow(page: Page): Promise<number> {
  return (await page.evaluate('document.body.scrollWidth - document.body.clientWidth')) as number;
}
