import type { Case } from '../case.ts';
import { createCases } from './create.ts';
import { elfCases } from './elf.ts';
import { goodCases } from './good.ts';
import { lateCodeCases } from './late-code.ts';
import { lateSystemCases } from './late-system.ts';
import { launchInterpreterCases } from './launch-interpreter.ts';
import { launchLauncherCases } from './launch-launcher.ts';
import { layerCases } from './layers.ts';
import { libraryContentCases } from './library-content.ts';
import { librarySearchCases } from './library-search.ts';
import { librarySymbolCases } from './library-symbols.ts';
import { loaderCases } from './loader.ts';
import { lookupCases } from './lookup.ts';
import { lookupPermissionCases } from './lookup-permission.ts';
import { scriptFormCases } from './script-form.ts';
import { scriptInterpreterCases } from './script-interpreter.ts';
import { shellCases } from './shell.ts';
import { subtleLoadCases } from './subtle-load.ts';
import { subtleNameCases } from './subtle-name.ts';
import { subtleSearchCases } from './subtle-search.ts';
import { subtleUserCases } from './subtle-user.ts';
import { worldProgramCases } from './world-programs.ts';
import { worldQuietCases } from './world-quiet.ts';

/** Every case that is made by hand. */
export const allCases: readonly Case[] = [
  ...createCases,
  ...elfCases,
  ...goodCases,
  ...lateCodeCases,
  ...lateSystemCases,
  ...launchInterpreterCases,
  ...launchLauncherCases,
  ...layerCases,
  ...libraryContentCases,
  ...librarySearchCases,
  ...librarySymbolCases,
  ...loaderCases,
  ...lookupPermissionCases,
  ...lookupCases,
  ...scriptFormCases,
  ...scriptInterpreterCases,
  ...shellCases,
  ...subtleLoadCases,
  ...subtleNameCases,
  ...subtleSearchCases,
  ...subtleUserCases,
  ...worldProgramCases,
  ...worldQuietCases,
];
