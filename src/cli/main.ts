#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { version } from './version.ts';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // Answered before anything else is loaded, so that it takes as long as Node itself.
  writeSync(1, `osless ${version}\n`);
} else {
  // A command lives for a second or less, and what Node 20 optimises after 66 KiB of work never earns that back:
  // packing takes a quarter less time so. Later Nodes wait longer by themselves and do not know the flag.
  if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=1000000');
  const { start } = await import('./start.ts');
  process.exitCode = await start(args);
}
