import { type Built, built } from './build.ts';

export { built } from './build.ts';

import type { Content } from './case.ts';

/** A C program that prints the token, at once, and then does what `body` says. */
export const cProgram = (body: string, head = ''): string =>
  `#include <stdio.h>\n${head}\nint main(int argc, char **argv) { puts("REACHED"); fflush(stdout); ${body} }\n`;

/** Prints the token, and ends well. */
export const sayReached = cProgram('return 0;');

export interface Compiled {
  readonly source?: string;
  readonly options?: string;
  readonly compiler?: string;
  readonly needs?: Readonly<Record<string, Built>>;
}

/** A C program; libraries in `needs` are named in `options`. */
export const program = ({ source = sayReached, options = '', compiler = 'gcc', needs = {} }: Compiled = {}): Built =>
  built({ script: `${compiler} -o out main.c ${options}`, files: { 'main.c': source }, needs });

/** A shared library. */
export const library = ({
  source = 'int number(void) { return 7; }\n',
  options = '',
  compiler = 'gcc',
  needs = {},
}: Compiled = {}): Built =>
  built({ script: `${compiler} -shared -fPIC -o out lib.c ${options}`, files: { 'lib.c': source }, needs });

/** The bytes of something built, for a file. */
export const of =
  (made: Built): Content =>
  () =>
    made.bytes();

/** The bytes with something changed. */
export const changed =
  (made: Built, change: (bytes: Buffer) => Uint8Array): Content =>
  async () =>
    change(Buffer.from(await made.bytes()));

export const glibcProgram = program();
export const staticProgram = program({ options: '-static' });
export const staticPie = program({ options: '-static-pie' });
export const muslProgram = program({ compiler: 'musl-gcc' });
export const muslStatic = program({ compiler: 'musl-gcc', options: '-static' });

const goMain = (body: string, imports: readonly string[] = ['fmt']): string =>
  `package main\nimport (${imports.map((name) => `"${name}"`).join(';')})\nfunc main() {\n fmt.Println("REACHED")\n${body}\n}\n`;

/** A Go program without cgo. */
export const go = (body = '', imports: readonly string[] = ['fmt'], env = 'CGO_ENABLED=0', flags = ''): Built =>
  built({
    script: `go mod init corpus 2>/dev/null; ${env} go build ${flags} -o out main.go`,
    files: { 'main.go': goMain(body, imports) },
  });

export const rust = (flags = '', body = ''): Built =>
  built({
    script: `rustc ${flags} -o out main.rs`,
    files: { 'main.rs': `fn main() { println!("REACHED"); ${body} }\n` },
  });
