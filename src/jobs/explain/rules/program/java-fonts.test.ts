import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { javaLibrary } from '../../../../../tests/make/runtimes.ts';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { javaFonts } from './java-fonts.ts';

const files = {
  ...glibcFiles(),
  ...javaLibrary('/opt/jre'),
  '/opt/jre/bin/java': glibcProgram(),
  '/opt/jre/release': 'JAVA_VERSION="21.0.2"\nMODULES="java.base java.desktop"\n',
  '/opt/jre/lib/libfontmanager.so': sharedLibrary('libfontmanager.so', {
    needs: ['libfreetype.so.6', 'libjvm.so', 'libc.so.6'],
  }),
};
const freetype = { '/usr/lib/libfreetype.so.6': sharedLibrary('libfreetype.so.6') };
const config = { entrypoint: ['/opt/jre/bin/java', '-jar', '/app.jar'] };

describe('java-fonts', () => {
  it('names the library that is missing', async () => {
    const [found] = await judgedBy(javaFonts, { files: { ...files, '/app.jar': 'PK' }, config });
    assert.equal(found?.severity, 'notes');
    assert.deepEqual(found?.missing, ['libfreetype.so.6']);
  });

  it('speaks of fonts where there are none', async () => {
    const [found] = await judgedBy(javaFonts, { files: { ...files, ...freetype, '/app.jar': 'PK' }, config });
    assert.match(found?.says ?? '', /^there are no fonts/);
  });

  it('is silent where all is there, and about a runtime without java.desktop', async () => {
    const fonts = { '/usr/share/fonts/truetype/a.ttf': 'x', '/app.jar': 'PK' };
    assert.deepEqual(await judgedBy(javaFonts, { files: { ...files, ...freetype, ...fonts }, config }), []);
    const small = { ...files, '/app.jar': 'PK', '/opt/jre/release': 'JAVA_VERSION="21"\nMODULES="java.base"\n' };
    assert.deepEqual(await judgedBy(javaFonts, { files: small, config }), []);
  });
});
