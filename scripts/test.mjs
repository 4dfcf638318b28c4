// Runs the tests: `npm test` all of them, `npm test -- rootfs` those whose path contains the word.
// With CI=true a test that skips itself because something is missing has failed: CI has everything but other kernels.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from './bundle-ts.mjs';
import { filesUnder } from './files.mjs';

/** Reasons that no package can take away. */
const ofTheKernel = /cannot make a user namespace|cgroups cannot be made/;
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
  // The tests from outside start the command line as it is built here.
  await bundle([...entries, 'src/cli/main.ts'], outdir);
  const files = entries.map((file) => `${outdir}/${file.replace(/\.ts$/, '.js')}`);
  const tally = `${outdir}/tally.json`;
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=./scripts/tally-reporter.mjs`, `--test-reporter-destination=${tally}`],
  ];
  const run = spawnSync(
    process.execPath,
    ['--enable-source-maps', '--test', '--test-timeout=300000', ...reporters, ...files],
    { stdio: 'inherit', env: { ...process.env, OSLESS_CLI: resolve(outdir, 'src/cli/main.js') } },
  );
  status = finish(run.status ?? 1, JSON.parse(readFileSync(tally, 'utf8')));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(status);

function finish(code, { passed, failed, skipped }) {
  const forbidden = process.env.CI === 'true' ? skipped.filter(({ reason }) => !ofTheKernel.test(reason)) : [];
  for (const { name, reason } of forbidden) console.log(`skipped, which CI does not allow: ${name} (${reason})`);
  const counts = [`${passed} passed`, `${failed + forbidden.length} failed`];
  if (skipped.length > forbidden.length) counts.push(`${skipped.length} skipped`);
  console.log(counts.join(', '));
  return code === 0 && forbidden.length > 0 ? 1 : code;
}
