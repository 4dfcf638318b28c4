import type { MadeFiles } from './scene.ts';

/** As much of Python's standard library as its start asks for. */
export const pythonLibrary = (version: string): MadeFiles => ({
  [`/usr/lib/python${version}/encodings/__init__.py`]: '',
  [`/usr/lib/python${version}/os.py`]: '',
});

/** As much of a Java runtime as its launcher asks for. */
export const javaLibrary = (home: string): MadeFiles => ({
  [`${home}/lib/libjava.so`]: 'x',
  [`${home}/lib/jvm.cfg`]: '-server KNOWN\n',
  [`${home}/lib/server/libjvm.so`]: 'x',
  [`${home}/lib/libjimage.so`]: 'x',
  [`${home}/lib/libzip.so`]: 'x',
  [`${home}/lib/modules`]: 'x',
});

/** As much of .NET as its host asks for. */
export const dotnetLibrary = (home: string): MadeFiles => ({
  [`${home}/host/fxr/8.0.1/libhostfxr.so`]: 'x',
  [`${home}/shared/Microsoft.NETCore.App/8.0.1/libhostpolicy.so`]: 'x',
});

/** As much of Ruby's standard library as its start asks for. */
export const rubyLibrary: MadeFiles = { '/usr/lib/ruby/vendor_ruby/rubygems.rb': '' };
