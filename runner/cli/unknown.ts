import { bindingNames } from '../../protocols/common/binding.ts';
import type { InitializeResult } from '../../protocols/common/control.ts';
import type { Implementation } from '../adapters/manifest.ts';
import { suggestion } from '../cases/suggest.ts';
import type { Loaded } from './load.ts';

/** What an implementation says it has and Weir has never heard of, in sentences: cases that need the thing meant are skipped without it. */
export function unknownTo(
  { protocol, corpus }: Pick<Loaded, 'protocol' | 'corpus'>,
  {
    open,
    manifest,
  }: { readonly open: { readonly info: Pick<InitializeResult, 'features' | 'bindings'> }; readonly manifest: Implementation },
): string[] {
  const { features, bindings } = open.info;
  const unknown = (what: string, said: readonly string[], known: readonly string[], whose: string): string[] =>
    said
      .filter((each) => !known.includes(each))
      .map(
        (each) =>
          `${whose} names the ${what} ${JSON.stringify(each)}, which ${protocol.title} does not have; ${suggestion(each, known, `${what}s`)}`,
      );
  return [
    ...unknown('feature', features, [...corpus.features.keys()], manifest.features === undefined ? 'the adapter' : manifest.file),
    ...unknown('binding', bindings, bindingNames(protocol), manifest.bindings === undefined ? 'the adapter' : manifest.file),
  ];
}
