/**
 * The picture of the README: the home page of a running server, light, 1,280 by 900.
 * Run: npx tsx console/test/screenshot.ts http://127.0.0.1:4170 docs/console.png
 */
import {launch, openPage, WIDE} from '../../test/console/chromium.ts';

const [url = 'http://127.0.0.1:4170', path = 'docs/console.png'] = process.argv.slice(2);
const browser = await launch();
try {
  const {page, complaints} = await openPage(browser, WIDE);
  await page.goto(url);
  await page.locator('.canvas canvas').first().waitFor();
  await page.screenshot({path, animations: 'disabled'});
  if (complaints.length > 0) throw new Error(`The browser complains: ${complaints.join('; ')}`);
  console.log(`${url} → ${path}`);
} finally {
  await browser.close();
}
