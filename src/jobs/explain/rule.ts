import type { OsFacts } from '../../facts/os/index.ts';
import type { ProgramFacts, Survey } from '../../facts/programs/index.ts';
import type { Cause, StartVerdict } from '../../facts/start/index.ts';
import type { Platform, ProcessConfig } from '../../formats/oci/index.ts';
import type { FileTree } from '../../rootfs/index.ts';

export type Severity = 'blocks' | 'degrades' | 'notes';

/** One sentence about an image. */
export interface Finding {
  /** A cause of causes.md, or a code of the rule that found it; kebab-case. */
  readonly code: string;
  /** `blocks`: it does not start; `degrades`: ordinary use will fail or be worse; `notes`: worth knowing. */
  readonly severity: Severity;
  /** One sentence in the present tense, without advice. */
  readonly says: string;
  /** What to do, one sentence or a line that can be pasted into a Dockerfile. */
  readonly advice: string;
  /** What is missing, as causes.md defines it for the code; empty where nothing is. */
  readonly missing: readonly string[];
  /** Paths, names and numbers that scripts may want. */
  readonly about: Readonly<Record<string, string | number | readonly string[]>>;
}

/** Everything that rules may ask of an image. */
export interface Scene {
  readonly tree: FileTree;
  /** As the container would get it, with what was given on the command line. */
  readonly config: ProcessConfig;
  /** The config's Env by name, with docker's PATH where it has none. */
  readonly env: ReadonlyMap<string, string>;
  readonly platform: Platform;
  readonly verdict: StartVerdict;
  readonly os: OsFacts;
  /** The ELF programs of the chain of start, in order. */
  readonly programs: readonly ProgramFacts[];
  /** The last of them: the process that stays, an interpreter where the user's program is a script. */
  readonly program: ProgramFacts | undefined;
  /** All ELF and privileged files of the tree; walked once, when the first rule asks. */
  survey(): Promise<Survey>;
}

/** What a rule says beyond what stands in it. */
export interface Found {
  readonly says: string;
  /** Default: the rule's `fix`. */
  readonly advice?: string;
  /** Default: the rule's. */
  readonly severity?: Severity;
  readonly missing?: readonly string[];
  readonly about?: Finding['about'];
}

/** One reason why a program does not start or works less well: what docs/findings.md and `--rules` say of it, and how it is seen. */
export interface Rule {
  readonly code: string;
  readonly severity: Severity;
  /** One sentence for `--rules` and the head of its section. */
  readonly title: string;
  /** The messages that a user sees, exactly, each with who prints it: `runc: exec /app: no such file or directory`. */
  readonly sees: readonly string[];
  /** Why, in one to four sentences. */
  readonly why: string;
  /** How to mend it, in one or two sentences. */
  readonly fix: string;
  /** A line (or a few) of a Dockerfile, or of a shell before it, that does. */
  readonly dockerfile: string;
  judge(scene: Scene): readonly Found[] | Promise<readonly Found[]>;
}

/** A rule about one {@link Cause} of the verdict: the judgement was made by facts/start. */
export interface CauseRule extends Omit<Rule, 'judge' | 'code'> {
  readonly code: Cause;
  /** An advice for this case; default: `fix`. */
  advise?(
    verdict: Pick<StartVerdict, 'missing' | 'subject' | 'there' | 'argv' | 'chain'>,
    scene: Pick<Scene, 'os' | 'platform' | 'config'>,
  ): string;
}
