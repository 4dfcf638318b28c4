#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { version } from './version.ts';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // Answered before anything else is loaded, so that it takes as long as Node itself.
  writeSync(1, `osless ${version}\n`);
} else {
  const { start } = await import('./start.ts');
  process.exitCode = await start(args);
}
