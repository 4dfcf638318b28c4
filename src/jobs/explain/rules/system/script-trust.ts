import type { Found, Scene } from '../../rule.ts';
import { isReadable } from './ask.ts';
import { matchesOf, type PlainScript, plainScriptOf } from './script.ts';
import { hasRoots, openssldirs } from './trust.ts';

/** Clients of the standard libraries, which ask OpenSSL; certifi, which requests and httpx use, brings its own list. */
const clients: Readonly<Partial<Record<PlainScript['language'], RegExp>>> = {
  python: /\b(?:urllib\.request|urlopen|http\.client|HTTPSConnection|aiohttp)\b/,
  ruby: /\b(?:Net::HTTP|open-uri|URI\.open)\b/,
  perl: /\b(?:IO::Socket::SSL|HTTP::Tiny|LWP)\b/,
  php: /\b(?:file_get_contents|fopen|curl_init)\s*\(/,
};
const addresses = /(['"])(https:\/\/[^'"\s]+)\1/g;
/** Without arguments it is for clients, and loads the system's roots. */
const clientContext = /\bssl\.create_default_context\(\s*\)/;
const ownList = /\bcertifi\b|CERT_NONE|_create_unverified_context|verify_mode|cafile|VERIFY_NONE/;

/** A script that asks a server over TLS in an image without trusted certificates. */
export async function trustOfScript(scene: Scene): Promise<readonly Found[]> {
  const script = await plainScriptOf(scene);
  const client = script && clients[script.language];
  if (script === undefined || client === undefined || ownList.test(script.text)) return [];
  const [address] = client.test(script.text) ? matchesOf(script.text, addresses, 2) : [];
  const server = address ?? (script.language === 'python' && clientContext.test(script.text) ? 'servers' : undefined);
  const set = scene.env.get('SSL_CERT_FILE');
  if (server === undefined || (set && (await isReadable(scene, set)))) return [];
  for (const directory of openssldirs) if (await hasRoots(scene, directory)) return [];
  const missing = set || `${openssldirs[0]}/cert.pem`;
  return [
    {
      says: `${script.path} asks ${server.slice(0, 100)}, and the image has no trusted certificates`,
      missing: [missing],
      about: { script: script.path, server: server.slice(0, 100) },
    },
  ];
}
