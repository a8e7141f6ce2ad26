import { type Child, childAt, childrenOf, parseSource, type SyntaxNode } from './syntax.ts';

/** A stretch of a text, in UTF-16 units; empty where something is only added. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Where in a source something is put that tells that a place was reached: before a statement or right within a block, where it is a statement
 * of its own; around a statement that is no block, or around an expression.
 */
export interface Site extends Stretch {
  readonly kind: 'statement' | 'around-statement' | 'around-expression';
  /** How many parts are around it. */
  readonly depth: number;
}

/**
 * The innermost site that runs whenever anything does in which a source and another, made of it, differ. What is outside of it is the same in
 * both. Throws an Error where one of them has no sense.
 */
export function siteOf(source: string, other: string): Site {
  const stretch = otherwiseIn(source, other);
  const path = pathTo(source, other, stretch);
  for (let depth = path.length - 1; depth > 0; depth -= 1) {
    const site = siteAt(path, depth, stretch.from);
    if (site !== undefined) return { ...site, depth };
  }
  // Of a whole module: whoever imports it reaches it.
  return { kind: 'statement', from: 0, to: 0, depth: 0 };
}

/** A part of a source, and what stands there in the other one. */
interface Held extends Child {
  readonly there: SyntaxNode;
}

/** From the whole source to its smallest part that holds all that is otherwise, and that stands in the other one where it stands in this. */
function pathTo(source: string, other: string, { from, to }: Stretch): readonly Held[] {
  const longer = other.length - source.length;
  const within = ({ node: around, there: aroundThere }: Held): Held | undefined => {
    if (around.type !== aroundThere.type) return undefined;
    const held = childrenOf(around).filter(({ node }) => node.start <= from && node.end >= to);
    const both = held.flatMap((child): Held[] => {
      const there = childAt(aroundThere, child.key, child.index);
      return there?.start === child.node.start && there.end === child.node.end + longer ? [{ ...child, there }] : [];
    });
    return both[0];
  };
  const path: Held[] = [];
  let next: Held | undefined = { key: '', index: 0, node: parseSource(source), there: parseSource(other) };
  while (next !== undefined) {
    path.push(next);
    next = within(next);
  }
  return path;
}

type BareSite = Omit<Site, 'depth'>;

/** The site that a part of the path is, or leads to, if any; `from` is where something begins to be otherwise. */
function siteAt(path: readonly Held[], depth: number, from: number): BareSite | undefined {
  const [around, held] = path.slice(depth - 1, depth + 1);
  return around && held && siteIn(around.node, held, depth === path.length - 1, from);
}

/** `isLast`: it is the smallest part. */
function siteIn(parent: SyntaxNode, { key, node, there }: Held, isLast: boolean, from: number): BareSite | undefined {
  if (listOf(parent) === key) return before(node);
  if (node.type === 'BlockStatement' && isLast) {
    // Only once it begins does what is in it run, what goes on where it ends, and what comes right before it.
    const isAsBefore = (child: Child): boolean => childAt(there, child.key, child.index)?.end === child.node.end && child.node.end <= from;
    const statements = childrenOf(node);
    const begun = statements.find((child) => child.node.end >= from && !isAsBefore(child)) ?? statements.at(-1);
    return begun === undefined ? entryOf(node) : before(begun.node);
  }
  if (node.type !== 'BlockStatement' && SOLE_STATEMENTS[parent.type]?.includes(key) === true) return around('around-statement', node);
  if (isArm(parent, key, node)) return around('around-expression', node);
  if (FUNCTIONS.has(parent.type) && OF_A_CALL.includes(key)) return bodyOf(parent);
  const isOfCall = FUNCTIONS.has(node.type) && isLast && (childAt(node, 'params')?.start ?? Infinity) <= from;
  return isOfCall ? bodyOf(node) : undefined;
}

/** Where a function begins, which it does whenever it is called. */
function bodyOf(called: SyntaxNode): BareSite | undefined {
  const body = childAt(called, 'body');
  if (body === undefined) return undefined;
  return body.type === 'BlockStatement' ? entryOf(body) : around('around-expression', body);
}

/** What holds a list of statements, by where it holds them. */
function listOf({ type }: SyntaxNode): string | undefined {
  if (type === 'SwitchCase') return 'consequent';
  return type === 'BlockStatement' || type === 'Program' ? 'body' : undefined;
}

/** Where a statement may stand that is no block. */
const SOLE_STATEMENTS: Readonly<Record<string, readonly string[]>> = {
  IfStatement: ['consequent', 'alternate'],
  ForStatement: ['body'],
  ForInStatement: ['body'],
  ForOfStatement: ['body'],
  WhileStatement: ['body'],
  DoWhileStatement: ['body'],
};

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Parts of a function that nothing asks about but a call. */
const OF_A_CALL = ['params', 'typeParameters', 'returnType'];

/** Where an expression stands that does not always run with the one around it. */
const ARMS: Readonly<Record<string, readonly string[]>> = {
  ConditionalExpression: ['consequent', 'alternate'],
  LogicalExpression: ['right'],
  AssignmentPattern: ['right'],
  PropertyDefinition: ['value'],
  ArrowFunctionExpression: ['body'],
};

function isArm({ type }: SyntaxNode, key: string, node: SyntaxNode): boolean {
  return ARMS[type]?.includes(key) === true && node.type !== 'BlockStatement';
}

function before({ start }: SyntaxNode): BareSite {
  return { kind: 'statement', from: start, to: start };
}

function entryOf({ start }: SyntaxNode): BareSite {
  return { kind: 'statement', from: start + 1, to: start + 1 };
}

function around(kind: 'around-statement' | 'around-expression', { start, end }: SyntaxNode): BareSite {
  return { kind, from: start, to: end };
}

/** The stretch of a text that has to be replaced to make another of it; where several would do (of two equal lines one is added), the last. */
export function otherwiseIn(text: string, other: string): Stretch {
  const shorter = Math.min(text.length, other.length);
  let before = 0;
  while (before < shorter && text[before] === other[before]) before += 1;
  let behind = 0;
  while (behind < shorter - before && text[text.length - 1 - behind] === other[other.length - 1 - behind]) behind += 1;
  return { from: before, to: text.length - behind };
}
