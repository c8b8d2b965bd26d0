import {defineConfig} from 'vitest/config';
import base from './vitest.config.ts';

/** Suites that take minutes: CI runs them after the tests. */
export default defineConfig({
  ...base,
  test: {...base.test, include: ['test/**/*.heavy.ts'], testTimeout: 600_000},
});
