import { plain } from '../../../protocols/common/plain.ts';

/** Text from a peer: control characters as escapes, and in a direction of its own. */
export function Plain({ children, class: name }: { readonly children: string; readonly class?: string }) {
  return <bdi class={name}>{plain(children)}</bdi>;
}
