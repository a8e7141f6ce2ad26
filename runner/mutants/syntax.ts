import { parseAst } from 'rolldown/parseAst';

/** A part of a source as its grammar has it (ESTree, with types), by where it stands: UTF-16 units. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A node by its place in the one around it: `consequent`, or `body` and which of them. */
export interface Child {
  readonly key: string;
  readonly index: number;
  readonly node: SyntaxNode;
}

/** Reads a source. Throws an Error where it has no sense. */
export function parseSource(text: string): SyntaxNode {
  return parseAst(text, { lang: 'ts' });
}

/** The nodes right below one. */
export function childrenOf(node: SyntaxNode): Child[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    const nodes: readonly unknown[] = Array.isArray(value) ? value : [value];
    return nodes.flatMap((each, index) => (isNode(each) ? [{ key, index, node: each }] : []));
  });
}

/** The node at a place below one, if there is one. */
export function childAt(node: SyntaxNode, key: string, index = 0): SyntaxNode | undefined {
  return childrenOf(node).find((child) => child.key === key && child.index === index)?.node;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}
