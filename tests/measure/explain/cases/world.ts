import type { Case } from '../case.ts';
import { put } from '../changes.ts';
import * as p from '../programs.ts';

export const libs = '/usr/lib/x86_64-linux-gnu';

/** An image that runs a shell script. */
export const script = (text: string, base = 'busybox'): Omit<Case, 'name' | 'expect'> => ({
  base,
  change: [put('/run.sh', `#!/bin/sh\n${text}`)],
  config: { Entrypoint: ['/run.sh'] },
});

/** An image that runs a Python file. */
export const python = (text: string): Omit<Case, 'name' | 'expect'> => ({
  base: 'python',
  change: [put('/app.py', `print("REACHED", flush=True)\n${text}\n`)],
  config: { Cmd: ['python3', '/app.py'] },
});

/** An image that runs a JavaScript file. */
export const node = (text: string): Omit<Case, 'name' | 'expect'> => ({
  base: 'node',
  change: [put('/srv/app.js', `console.log("REACHED");\n${text}\n`)],
  config: { Cmd: ['node', '/srv/app.js'] },
});

/** A Go program with this body. */
export const go = (body: string, imports: readonly string[]) => put('/app', p.of(p.go(body, imports)));
