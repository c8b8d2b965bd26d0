import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach} from 'vitest';
import {describeLocalStore} from '../contract/local-store.ts';
import {describeOnlineStore} from '../contract/online-store.ts';
import {openLmdb} from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-lmdb-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describeOnlineStore('LMDB', {open: () => openLmdb(join(folder, 'state.d'))});
describeLocalStore('LMDB', {open: () => openLmdb(join(folder, 'state.d'))});
