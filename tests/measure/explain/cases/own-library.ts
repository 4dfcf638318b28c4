import * as p from '../programs.ts';

/** Where Debian's loader looks. */
export const libs = '/usr/lib/x86_64-linux-gnu';
/** The name that programs ask for. */
export const soname = '-Wl,-soname,libown.so.1';
/** A library with one function, `number`. */
export const own = p.library({ options: soname });
/** Prints the token, then calls the library's function. */
export const source = p.cProgram('return number() - 7;', 'int number(void);');
/** A program that needs such a library. */
export const using = (options = '', compiler = 'gcc', lib = own) =>
  p.program({
    source,
    compiler,
    needs: { 'libown.so': lib },
    options: `-L. -lown -Wl,--allow-shlib-undefined ${options}`,
  });
/** The same library for musl. */
export const muslOwn = p.library({ options: soname, compiler: 'musl-gcc' });

/** The same file with the machine of arm64 in its header. */
export function asArm64(bytes: Buffer): Buffer {
  bytes.writeUInt16LE(183, 18);
  return bytes;
}

/** Where it is looked for. */
export const ownPath = `${libs}/libown.so.1`;

/** A program of musl that needs it. */
export const muslUsing = using('', 'musl-gcc', muslOwn);

/** A library between a program and it. */
export const middle = p.library({
  source: 'int number(void);\nint twice(void) { return 2 * number(); }\n',
  needs: { 'libown.so': own },
  options: '-Wl,-soname,libmiddle.so -L. -lown',
});

/** A program that needs it by way of {@link middle}. */
export const deep = (options = '', lib = middle) =>
  p.program({
    source: p.cProgram('return twice() - 14;', 'int twice(void);'),
    needs: { 'libmiddle.so': lib },
    options: `-L. -lmiddle -Wl,--allow-shlib-undefined ${options}`,
  });
