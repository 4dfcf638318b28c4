import type { Found, Rule, Scene } from '../../rule.ts';

export const goCgo: Rule = {
  code: 'go-cgo',
  severity: 'notes',
  title: 'A Go program needs a libc, since it was built with cgo.',
  sees: ['container: exec /app: no such file or directory (on scratch, or on a base with another libc)'],
  why: 'With CGO_ENABLED=1, the default where a C compiler is installed, the packages net and os/user call the libc, and the program becomes a dynamic one: it needs the loader and the libc of the machine that built it, and looks up names by nsswitch.conf.',
  fix: 'Build it with CGO_ENABLED=0 if no package of it needs C; then it runs on any base, and on none.',
  dockerfile: 'RUN CGO_ENABLED=0 go build -trimpath -o /app .',
  judge: judgeBuild,
};

async function judgeBuild({ program }: Scene): Promise<readonly Found[]> {
  if (program?.elf.interpreter === undefined) return [];
  const go = await program.go();
  if (go?.settings.get('CGO_ENABLED') !== '1') return [];
  const { path, elf } = program;
  return [
    {
      says: `${path} is a Go program that was built with cgo, and so needs ${elf.interpreter} and its libc`,
      about: { path, goVersion: go.goVersion },
    },
  ];
}
