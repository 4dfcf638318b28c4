import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { namedStoreContract } from '../../tests/contract/blob-store.ts';
import { memoryStore, openLayout, openStore } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'osless-stores-'));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const directory = () => join(root, `${++count}`);

namedStoreContract('memory', async () => memoryStore());
namedStoreContract('a layout directory', () => openLayout(directory(), { create: true }));
namedStoreContract('the local store', () => openStore(directory()));
