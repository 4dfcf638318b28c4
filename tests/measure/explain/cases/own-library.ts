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
