// A browser and servers of the console's fixture for the tests of one file; all are closed after them.
import type {Browser} from 'playwright-core';
import {afterAll, beforeAll} from 'vitest';
import {type FixtureServer, type Scenario, startFixture} from '../../console/test/fixture-server.ts';
import {launch, openPage} from './chromium.ts';

export type OpenFixture = (path: string, scenario?: Scenario) => ReturnType<typeof openPage>;

/** Call it inside `describe`: opens a page of a server of its own. */
export function fixturePages(): OpenFixture {
  let browser: Browser;
  const servers: FixtureServer[] = [];
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
  });
  return async (path, scenario = 'full') => {
    const server = await startFixture({scenario});
    servers.push(server);
    const opened = await openPage(browser);
    await opened.page.goto(`${server.url}${path}`);
    return opened;
  };
}
