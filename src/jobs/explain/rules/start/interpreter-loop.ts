import { causeRule } from './cause.ts';

export const interpreterLoop = causeRule({
  code: 'interpreter-loop',
  title: 'Scripts name one another as interpreters without an end.',
  sees: ['container: exec /app.sh: too many levels of symbolic links'],
  why: 'The interpreter of a script may be a script itself, but the kernel goes through five of them only. A script that names itself never ends.',
  fix: 'Name a real program behind `#!`.',
  dockerfile: "RUN sed -i '1s|.*|#!/bin/sh|' /app.sh",
});
