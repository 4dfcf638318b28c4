import { causeRule } from './cause.ts';

export const symbolMissing = causeRule({
  code: 'symbol-missing',
  title: 'A symbol that must be there at start is defined by no library.',
  sees: [
    'glibc: /app: symbol lookup error: /app: undefined symbol: foo',
    'musl: Error relocating /app: foo: symbol not found',
  ],
  why: "Variables are bound at start, functions too when the file was linked with -z now, when LD_BIND_NOW is set, and always on musl. No loaded library defines the symbol: one of them is another release than the program was built with, or glibc's fortified functions (`__printf_chk`) are wanted from musl.",
  fix: 'Bring the release of the library that the program was built with, or build it against the one that is there.',
  dockerfile: 'RUN apt-get install -y --no-install-recommends libfoo1=1.2-3',
  advise: ({ missing: [symbol = ''] }) =>
    /^__\w+_chk$/.test(symbol)
      ? 'The file was built for glibc and is loaded by musl: build it on Alpine, or use a glibc base such as debian:12-slim.'
      : `Bring the release of the library that defines ${symbol}, or build against the one that is there.`,
});
