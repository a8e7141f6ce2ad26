/** A toy adapter of `testing/`, as the contract test of the kits starts it. Every command runs in `folder`. */
export interface Toy {
  /** Below `testing/`; the folder itself where absent. */
  readonly folder?: string;
  /** What tells whether the language is here; where one fails, the kit is left out and `install` is said. */
  readonly needs?: readonly Words[];
  readonly install?: string;
  /** Run once, before the first start. */
  readonly build?: Words;
  readonly start: Words;
  /** What the language’s own tools say of the kit and its toy: each must be silent, and end well. */
  readonly tidy?: readonly Words[];
}

/** A program and its arguments; `{scratch}` is a folder that is gone when the test is over. */
export type Words = readonly [string, ...string[]];

/** The toy of each kit, by the kit’s folder. A new kit is its folder, its toy’s, and an entry here. */
export const TOYS: Readonly<Record<string, Toy>> = {
  typescript: { start: ['node', 'toy.mjs'] },
  python: {
    needs: [['uv', 'python', 'find', '--no-python-downloads', '>=3.12']],
    install: 'pip install uv; uv python install 3.12',
    start: ['uv', 'run', '--offline', '--no-python-downloads', '--script', 'toy.py'],
  },
  go: {
    folder: 'go',
    needs: [['go', 'version']],
    install: 'apt-get install golang',
    build: ['go', 'build', '-o', '{scratch}/toy-go', '.'],
    start: ['{scratch}/toy-go'],
    tidy: [
      ['gofmt', '-l', '.', '../../go'],
      ['go', 'vet', '.', 'weir-kit/weirkit', 'weir-kit/rsocketkit'],
    ],
  },
  rust: {
    folder: 'rust',
    needs: [['cargo', '--version']],
    install: 'apt-get install cargo',
    build: ['cargo', 'build', '--quiet', '--locked'],
    start: ['cargo', 'run', '--quiet', '--locked'],
    tidy: [['cargo', 'fmt', '--all', '--check']],
  },
  java: {
    folder: 'java',
    needs: [['javac', '-version']],
    install: 'apt-get install openjdk-17-jdk-headless',
    build: ['javac', '-d', '{scratch}/toy-java', '-sourcepath', '../../java:.', 'Toy.java'],
    start: ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', '{scratch}/toy-java', 'Toy'],
    tidy: [
      ['javac', '-Xlint:all', '-Xdoclint:all,-missing', '-Werror', '-d', '{scratch}/tidy-java', '-sourcepath', '../../java:.', 'Toy.java'],
    ],
  },
};

/** The toys of the RSocket parts, by the kit’s folder: libraries that call within their own process. */
export const LOOPS: Readonly<Record<string, Toy>> = {
  typescript: { start: ['node', 'loop.mjs'] },
  python: { ...TOYS.python, start: ['uv', 'run', '--offline', '--no-python-downloads', '--script', 'loop.py'] },
  go: {
    ...TOYS.go,
    folder: 'go',
    build: ['go', 'build', '-o', '{scratch}/loop-go', './loop'],
    start: ['{scratch}/loop-go'],
    tidy: [['go', 'vet', './loop']],
  },
  rust: {
    ...TOYS.rust,
    folder: 'rust-loop',
    build: ['cargo', 'build', '--quiet', '--locked'],
    start: ['cargo', 'run', '--quiet', '--locked'],
  },
  java: {
    ...TOYS.java,
    folder: 'java',
    build: ['javac', '-d', '{scratch}/loop-java', '-sourcepath', '../../java:.', 'Loop.java'],
    start: ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', '{scratch}/loop-java', 'Loop'],
    tidy: [
      ['javac', '-Xlint:all', '-Xdoclint:all,-missing', '-Werror', '-d', '{scratch}/tidy-loop', '-sourcepath', '../../java:.', 'Loop.java'],
    ],
  },
};
