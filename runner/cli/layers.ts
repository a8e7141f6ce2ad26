import { relative } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Modules that are loaded together: one file of the bundle each, or few. */
export interface Layer {
  /** What it begins with; it has all that these reach. */
  readonly roots: readonly string[];
  /** What of it no earlier layer has. */
  readonly modules: ReadonlySet<string>;
}

/** What imports what, as esbuild told of a first build. */
export type Inputs = Metafile['inputs'];

const isDynamic = ({ kind }: { readonly kind: string }): boolean => kind === 'dynamic-import';

/** All modules that these load when they are loaded, themselves among them. */
export function reachedBy(inputs: Inputs, roots: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const left = [...roots];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    const input = inputs[file];
    if (input === undefined || reached.has(file)) continue;
    reached.add(file);
    left.push(...input.imports.filter((each) => !isDynamic(each)).map(({ path }) => path));
  }
  return reached;
}

/**
 * Layers of these roots, each without what an earlier one has. Before them comes what more than one of `apart`, or one of them and `commands`,
 * need: so who loads one of those loads neither another of them nor what commands are made of. Each of `apart` is three layers, which load
 * without each other: what its first root and the others both need, the first, the others.
 */
export function layersOf(
  inputs: Inputs,
  commands: readonly (readonly string[])[],
  apart: readonly (readonly string[])[],
): readonly Layer[] {
  const shared = neededByMoreThanOne(inputs, [commands.flat(), ...apart]);
  const ofEach = apart.flatMap(([first = '', ...others]) => [neededByMoreThanOne(inputs, [[first], others]), [first], others]);
  const taken = new Set<string>();
  return [shared, ...commands, ...ofEach].map((roots) => {
    const modules = new Set([...reachedBy(inputs, roots)].filter((file) => !isOfPackage(file) && !taken.has(file)));
    for (const file of modules) taken.add(file);
    return { roots, modules };
  });
}

function neededByMoreThanOne(inputs: Inputs, each: readonly (readonly string[])[]): readonly string[] {
  const reached = each.map((roots) => reachedBy(inputs, roots));
  const all = new Set(reached.flatMap((files) => [...files]));
  return [...all].filter((file) => !isOfPackage(file) && reached.filter((files) => files.has(file)).length > 1);
}

/** Of packages, what a layer uses comes with it, and what several use is a file by itself. */
function isOfPackage(file: string): boolean {
  return file.includes('node_modules/');
}

/** What a module loads dynamically, in its order, by the folder below the first one: `protocols/x` and `reference-client/x` go together. */
export function dynamicGroups(inputs: Inputs, file: string): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const { path } of inputs[file]?.imports.filter(isDynamic) ?? []) {
    const name = path.split('/')[1] ?? '';
    groups.set(name, [...(groups.get(name) ?? []), path]);
  }
  return [...groups.values()];
}

/**
 * Has whatever is loaded dynamically load as a whole each layer of which it needs any. esbuild makes a file of the modules that the same
 * entries reach: where every entry reaches all of a layer or nothing of it, that is one file, and else one for nearly every module.
 */
export function inLayers(root: string, inputs: Inputs, layers: readonly Layer[], whole: readonly string[]): Plugin {
  const needed = (file: string): readonly number[] => {
    const reached = [...reachedBy(inputs, [file])];
    return layers.flatMap(({ modules }, i) => (reached.some((each) => modules.has(each)) ? [i] : []));
  };
  const load = (files: readonly string[]): string => files.map((file) => `import ${JSON.stringify(file)};\n`).join('');
  return {
    name: 'layers',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^layer:/ }, ({ path }) => ({ path: path.slice('layer:'.length), namespace: 'layer', sideEffects: true }));
      onLoad({ filter: /.*/, namespace: 'layer' }, ({ path }) => ({
        contents: load(layers[Number(path)]?.roots.map((file) => `./${file}`) ?? []),
        resolveDir: root,
      }));
      onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
        const isEntry = kind === 'entry-point' && whole.includes(path);
        if (pluginData === ASKED || (kind !== 'dynamic-import' && !isEntry)) return undefined;
        const found = await resolve(path, { kind, resolveDir, importer, pluginData: ASKED });
        const file = relative(root, found.path);
        return inputs[file] === undefined ? found : { path: file, namespace: 'whole' };
      });
      onLoad({ filter: /.*/, namespace: 'whole' }, ({ path }) => ({
        contents: `${load(needed(path).map((i) => `layer:${i}`))}export * from ${JSON.stringify(`./${path}`)};`,
        resolveDir: root,
      }));
    },
  };
}

/** Marks what the plugin itself asks of esbuild. */
const ASKED = 'asked by the layers';
