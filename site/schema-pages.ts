import { code, type Entry, type Page, prose, row, table } from './page.ts';

/** A JSON Schema as a file of the project. */
export interface SchemaSource {
  /** `docs/schemas/results.schema.json` */
  readonly path: string;
  readonly schema: unknown;
}

/** How deep members are told; what lies deeper is in the schema itself. */
const DEEPEST = 5;

/** A page for each schema: its members, with their types and what is said of them. */
export function schemaPages(sources: readonly SchemaSource[]): readonly Page[] {
  return sources.map(({ path, schema }) => ({ path: `reference/schemas/${slug(path)}.md`, text: page(path, schema) }));
}

/** The page that leads to the schemas. */
export function schemasIndex(sources: readonly SchemaSource[]): Page {
  const rows = sources.map(({ path, schema }) =>
    row(`[${prose(titleOf(path, schema))}](/reference/schemas/${slug(path)})`, `[${path}](/files/${path}){target="_self"}`),
  );
  const intro = 'Grammars of what Weir reads and writes, generated from the sources that it reads and writes by (`npm run schemas`).';
  return { path: 'reference/schemas/index.md', text: ['# Schemas', intro, table(['what', 'file'], rows), ''].join('\n\n') };
}

/** The schemas for the navigation. */
export function schemaEntries(sources: readonly SchemaSource[]): readonly Entry[] {
  return sources.map(({ path, schema }) => ({ text: titleOf(path, schema), link: `/reference/schemas/${slug(path)}` }));
}

/** The name of a schema's page: `results`, `case-river`. */
export function slug(path: string): string {
  const [, protocol] = /^cases\/([^/]+)\//.exec(path) ?? [];
  return protocol === undefined ? path.replace(/^.*\//, '').replace(/\.schema\.json$/, '') : `case-${protocol}`;
}

function page(path: string, schema: unknown): string {
  const named = titled(schema);
  return [
    `# ${prose(titleOf(path, schema))}`,
    `Written from [${path}](/files/${path}){target="_self"}, whose source the program itself reads by. Members of lists are \`[]\`, of maps with any key \`{}\`; what lies deeper than ${DEEPEST} levels is in the file.`,
    ...named.flatMap(([title, part]) => [
      ...(title === '' ? [] : [`## ${prose(title)}`]),
      table(['member', 'type', 'meaning'], members(part, schema, '', [])),
    ]),
    '',
  ].join('\n\n');
}

function titleOf(path: string, schema: unknown): string {
  const title = isMap(schema) ? schema['title'] : undefined;
  return typeof title === 'string' ? title : slug(path);
}

/** The parts that get a heading: the definitions that have a name of their own, behind the whole. */
function titled(schema: unknown): readonly (readonly [title: string, part: unknown])[] {
  const definitions = isMap(schema) && isMap(schema['$defs']) ? Object.entries(schema['$defs']) : [];
  return [['', schema], ...definitions.filter(([name]) => !name.startsWith('__'))];
}

/** Rows for what a value has inside it; each definition is told once on a way down, so that none goes round. */
function members(schema: unknown, root: unknown, at: string, way: readonly string[]): string[] {
  if (!isMap(schema) || at.split('.').length > DEEPEST) return [];
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    // A definition with a name has a table of its own.
    if (way.includes(reference) || (!isUnnamed(reference) && at !== '')) return [];
    return members(resolved(reference, root), root, at, [...way, reference]);
  }
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const own = isMap(schema['properties']) ? Object.entries(schema['properties']) : [];
  const rows = own.flatMap(([name, inner]) => {
    const path = at === '' ? name : `${at}.${name}`;
    const optional = required.includes(name) ? '' : ' (optional)';
    return [row(code(path), `${typeOf(inner, root)}${optional}`, meaning(inner)), ...members(inner, root, path, way)];
  });
  const inside = [
    ...members(schema['items'], root, `${at}[]`, way),
    ...members(schema['additionalProperties'], root, `${at}{}`, way),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
      const alternatives: readonly unknown[] = Array.isArray(schema[key]) ? schema[key] : [];
      return alternatives.flatMap((each) => members(each, root, at, way));
    }),
  ];
  return [...new Set([...rows, ...inside])];
}

/** A type in a few words, as Markdown. */
function typeOf(schema: unknown, root: unknown): string {
  if (!isMap(schema)) return 'anything';
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.replace(/^.*\//, '');
    return isUnnamed(reference) ? shallow(resolved(reference, root)) : `[${name}](#${name.toLowerCase()})`;
  }
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return [...new Set(alternatives.map((each) => typeOf(each, root)))].join(' or ');
  return shallow(schema);
}

function shallow(schema: unknown): string {
  if (!isMap(schema)) return 'anything';
  if ('const' in schema) return code(JSON.stringify(schema['const']));
  if (Array.isArray(schema['enum'])) return schema['enum'].map((each) => code(JSON.stringify(each))).join(', ');
  const type = schema['type'];
  if (type === 'array') return 'list';
  if (type === 'object') return isMap(schema['properties']) ? 'object' : 'map';
  if (typeof type === 'string') return type;
  return Array.isArray(type) ? type.join(' or ') : 'anything';
}

function meaning(schema: unknown): string {
  return isMap(schema) && typeof schema['description'] === 'string' ? prose(schema['description']) : '';
}

function resolved(reference: string, root: unknown): unknown {
  return reference
    .replace(/^#\/?/, '')
    .split('/')
    .reduce<unknown>((value, key) => (key === '' ? value : isMap(value) ? value[key] : undefined), root);
}

const isUnnamed = (reference: string): boolean => reference === '#' || /\/__[^/]*$/.test(reference);

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
