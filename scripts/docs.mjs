// Writes docs/cli/ and docs/findings.md from the commands and rules themselves; a test says when that was forgotten.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from './bundle-ts.mjs';

const outdir = `build/docs-${process.pid}`;
try {
  await bundle(['src/cli/docs.ts'], outdir);
  const { generatedPages } = await import(resolve(outdir, 'src/cli/docs.js'));
  rmSync('docs/cli', { recursive: true, force: true });
  mkdirSync('docs/cli', { recursive: true });
  for (const [path, text] of await generatedPages()) writeFileSync(path, text);
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
