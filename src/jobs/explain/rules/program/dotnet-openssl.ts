import type { Found, Rule, Scene } from '../../rule.ts';
import { installLine } from '../start/advice.ts';
import { hasRelease, isDotnet } from './dotnet.ts';

export const dotnetOpenssl: Rule = {
  code: 'dotnet-openssl',
  severity: 'notes',
  title: '.NET finds no OpenSSL, and ends when it is to encrypt something.',
  sees: [
    'dotnet: No usable version of libssl was found (exit code 134)',
    'dotnet: Cannot load library libgssapi_krb5.so.2 (harmless)',
  ],
  why: '.NET opens libssl at the first use of TLS, hashes or keys. Releases from 6 on take OpenSSL 3 and 1.1, earlier ones 1.1 and 1.0 only.',
  fix: 'Install libssl.',
  dockerfile: 'RUN apt-get update && apt-get install -y --no-install-recommends libssl3',
  judge: judgeOpenssl,
};

async function judgeOpenssl(scene: Scene): Promise<readonly Found[]> {
  const { program, os } = scene;
  if (program === undefined || scene.verdict.starts === 'no' || !(await isDotnet(scene, program))) return [];
  if (await hasRelease(program, 'libssl', [3, '1.1', '1.0.2', '1.0.0', 10])) return [];
  const advice = installLine(os.packageManager, 'libssl.so.3');
  return [{ says: `${program.path} runs .NET, which finds no libssl`, missing: ['libssl.so.3'], advice }];
}
