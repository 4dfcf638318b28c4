import { causeRule } from './cause.ts';

export const shebangInvalid = causeRule({
  code: 'shebang-invalid',
  title: 'The first line of a script names no interpreter that the kernel could read.',
  sees: ['container: exec /app.sh: exec format error'],
  why: "There is nothing behind `#!`, or the interpreter's path does not end within the first 256 bytes of the file. Long build directories in virtual environments make such lines.",
  fix: 'Shorten the path, for instance by /usr/bin/env and PATH.',
  dockerfile: "RUN sed -i '1s|.*|#!/usr/bin/env python3|' /app.sh",
});
