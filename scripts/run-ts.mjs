// Runs tests/bench/NAME.ts or tests/measure/NAME.ts: `npm run bench -- NAME [ARG…]`.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from './bundle-ts.mjs';
import { filesUnder } from './files.mjs';

const [kind, name, ...args] = process.argv.slice(2);
const entry = `tests/${kind}/${name}.ts`;
if (name === undefined || !existsSync(entry)) {
  const known = filesUnder(`tests/${kind}`).filter((file) => file.endsWith('.ts'));
  console.error(`usage: npm run ${kind} -- NAME, where NAME is one of:`);
  for (const file of known) console.error(`  ${file.slice(`tests/${kind}/`.length, -3)}`);
  process.exit(2);
}
const outdir = `build/${kind}-${process.pid}`;
let status = 1;
try {
  await bundle([entry, 'src/cli/main.ts'], outdir);
  const file = `${outdir}/${entry.replace(/\.ts$/, '.js')}`;
  status =
    spawnSync(process.execPath, ['--enable-source-maps', file, ...args], {
      stdio: 'inherit',
      env: { ...process.env, OSLESS_CLI: resolve(outdir, 'src/cli/main.js') },
    }).status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(status);
