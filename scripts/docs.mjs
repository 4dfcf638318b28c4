// Writes docs/cli/ from the commands themselves; a test says when that was forgotten.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from './bundle-ts.mjs';

const outdir = `build/docs-${process.pid}`;
try {
  await bundle(['src/cli/docs.ts'], outdir);
  const { commandPages } = await import(resolve(outdir, 'src/cli/docs.js'));
  rmSync('docs/cli', { recursive: true, force: true });
  mkdirSync('docs/cli', { recursive: true });
  for (const [name, text] of await commandPages()) writeFileSync(`docs/cli/${name}`, text);
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
