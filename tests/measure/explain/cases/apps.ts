import { put } from '../changes.ts';
import * as p from '../programs.ts';

/** The program is /app. */
export const app = { Entrypoint: ['/app'] };

/** A C program at /app that prints the token and then does what `body` says. */
export const c = (body: string, head = '', options = '') =>
  put('/app', p.of(p.program({ source: p.cProgram(body, head), options })));
