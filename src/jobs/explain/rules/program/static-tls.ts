import { tlsBytes } from '../../../../formats/elf/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { reachedModules } from './reached-modules.ts';

/** DT_FLAGS. */
const staticTlsFlag = 0x10;
/** What glibc keeps free for libraries that come later, in its default setting (TLS_STATIC_SURPLUS). */
const surplusBytes = 1664;

export const staticTls: Rule = {
  code: 'static-tls',
  severity: 'notes',
  title: 'A module wants more thread-local memory than is kept free for modules.',
  sees: [
    'glibc: /usr/lib/libfoo.so: cannot allocate memory in static TLS block',
    'musl: Error relocating /usr/lib/libfoo.so: initial-exec TLS resolves to dynamic definition',
  ],
  why: 'Libraries built for the initial-exec model of thread-local storage need a place beside the thread itself, which is laid out when the program starts. For those that are opened later glibc keeps some 1.6 KiB free, for all of them together, and musl nothing.',
  fix: 'Load the library with the program (LD_PRELOAD), or raise GLIBC_TUNABLES=glibc.rtld.optional_static_tls.',
  dockerfile: 'ENV GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384',
  judge: judgeModules,
};

async function judgeModules(scene: Scene): Promise<readonly Found[]> {
  const modules = (await reachedModules(scene)).filter(({ elf }) => ((elf.dynamic?.flags ?? 0) & staticTlsFlag) !== 0);
  const sizeBytes = modules.reduce((sum, { elf }) => sum + tlsBytes(elf), 0);
  const [largest] = [...modules].sort((a, b) => tlsBytes(b.elf) - tlsBytes(a.elf));
  if (largest === undefined || sizeBytes <= surplusBytes || scene.env.has('GLIBC_TUNABLES')) return [];
  const says = `modules want ${sizeBytes} bytes of static thread-local memory, most of it ${largest.path}`;
  return [{ says, about: { sizeBytes, paths: modules.map(({ path }) => path) } }];
}
