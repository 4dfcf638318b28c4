import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { familiarReference, formatReference, parseReference, withDefaultTag } from './index.ts';

const hex = '0123456789abcdef'.repeat(4);
const full = (text: string) => formatReference(withDefaultTag(parseReference(text)));

describe('a reference', () => {
  const names: Record<string, string> = {
    nginx: 'docker.io/library/nginx:latest',
    'nginx:1.25': 'docker.io/library/nginx:1.25',
    'me/app': 'docker.io/me/app:latest',
    'index.docker.io/nginx': 'docker.io/library/nginx:latest',
    'docker.io/nginx': 'docker.io/library/nginx:latest',
    'docker.io/library/nginx': 'docker.io/library/nginx:latest',
    'localhost/app': 'localhost/app:latest',
    'localhost:5000/app:v1': 'localhost:5000/app:v1',
    'registry.example/a/b/c:1': 'registry.example/a/b/c:1',
    'REGISTRY/app': 'REGISTRY/app:latest',
    '[::1]:5000/app': '[::1]:5000/app:latest',
    'app:5000': 'docker.io/library/app:5000',
    'a__b/c---d:T_x.y-z': 'docker.io/a__b/c---d:T_x.y-z',
    [`app@sha256:${hex}`]: `docker.io/library/app@sha256:${hex}`,
    [`app:1@sha256:${hex}`]: `docker.io/library/app:1@sha256:${hex}`,
    [`app@sha512:${hex}${hex}`]: `docker.io/library/app@sha512:${hex}${hex}`,
  };
  for (const [text, expected] of Object.entries(names)) {
    it(`written ${text.slice(0, 40)} is ${expected.slice(0, 50)}`, () => assert.equal(full(text), expected));
  }

  const wrong = [
    '',
    'App',
    'app:',
    ':tag',
    'app@',
    'app@sha256:12',
    'a//b',
    '/a',
    'a/',
    '-a',
    'a_-b',
    'a..b',
    `app:${'x'.repeat(129)}`,
    `a/${'b'.repeat(254)}`,
    hex,
    'registry.example:port/app',
    'https://registry.example/app',
    'a b',
    'x'.repeat(3000),
  ];
  for (const text of wrong) {
    it(`is not ${JSON.stringify(text.slice(0, 40))}`, () =>
      assert.throws(() => parseReference(text), { code: 'REFERENCE_INVALID' }));
  }

  it('is shown as docker shows it, and reads back as what it was', () => {
    for (const [text, familiar] of [
      ['docker.io/library/nginx:1', 'nginx:1'],
      ['docker.io/me/app:1', 'me/app:1'],
      ['registry.example/library/nginx:1', 'registry.example/library/nginx:1'],
      ['docker.io/library/team/app:1', 'library/team/app:1'],
    ] as const) {
      assert.equal(familiarReference(parseReference(text)), familiar);
      assert.equal(full(familiar), text);
    }
  });
});
