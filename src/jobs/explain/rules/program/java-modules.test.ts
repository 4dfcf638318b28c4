import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { javaLibrary } from '../../../../../tests/make/runtimes.ts';
import { glibcFiles, glibcProgram, judgedBy } from '../../../../../tests/make/scene.ts';
import { javaModules } from './java-modules.ts';

const foundFor = async (version: string, modules: string) => {
  const files = {
    ...glibcFiles(),
    ...javaLibrary('/opt/jre'),
    '/opt/jre/bin/java': glibcProgram(),
    '/opt/jre/release': `JAVA_VERSION="${version}"\nMODULES="${modules}"\n`,
    '/app.jar': 'PK',
  };
  const config = { entrypoint: ['/opt/jre/bin/java', '-jar', '/app.jar'] };
  return (await judgedBy(javaModules, { files, config })).flatMap(({ missing = [] }) => missing);
};

describe('java-modules', () => {
  it('names modules that a cut-down runtime lacks', async () => {
    assert.deepEqual(await foundFor('17.0.1', 'java.base java.sql'), ['jdk.crypto.ec', 'jdk.unsupported']);
  });

  it('asks for no module of its own for elliptic curves from Java 22 on', async () => {
    assert.deepEqual(await foundFor('22', 'java.base jdk.unsupported'), []);
  });

  it('is silent about a runtime that has them', async () => {
    assert.deepEqual(await foundFor('17', 'java.base jdk.crypto.ec jdk.unsupported'), []);
  });
});
