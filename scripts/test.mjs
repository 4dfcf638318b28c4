// Runs the tests: `npm test` all of them, `npm test -- rootfs` those whose path contains the word.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { bundle } from './bundle-ts.mjs';
import { filesUnder } from './files.mjs';

const words = process.argv.slice(2);
const entries = [...filesUnder('src'), ...filesUnder('tests')]
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
if (entries.length === 0) {
  console.error(`no test file has ${words.join(' or ')} in its path`);
  process.exit(2);
}
const outdir = `build/test-${process.pid}`;
let status = 1;
try {
  await bundle(entries, outdir);
  const files = entries.map((file) => `${outdir}/${file.replace(/\.ts$/, '.js')}`);
  const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-timeout=300000', ...files], {
    stdio: 'inherit',
  });
  status = run.status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(status);
