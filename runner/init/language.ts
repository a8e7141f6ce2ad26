import * as z from 'zod';

/** Grammar of `kits/<language>/scaffold.yaml`: what an adapter in that language begins with. */
export const languageGrammar = z.strictObject({
  also: z.array(z.string()).default([]).describe('What else it may be called on the command line.'),
  title: z.string().describe('For who chooses: `Python, with asyncio`.'),
  language: z.string().describe('As manifests and adapters say it.'),
  adapter: z.string().describe('The file that is the adapter’s, as it is in `scaffold/` beside this one.'),
  files: z.array(z.string()).default([]).describe('Further files of `scaffold/`.'),
  command: z.array(z.string()).min(1).describe('Starts the adapter, in its folder.'),
  setup: z.array(z.array(z.string()).min(1)).optional().describe('Run before the first start.'),
  'startup-ms': z.int().positive().optional().describe('As in manifests.'),
  prerequisites: z.array(z.strictObject({ check: z.array(z.string()).min(1), install: z.string() })).optional(),
  library: z
    .string()
    .describe('How the library under test comes to the adapter, in one line; `__FOLDER__` stands for the adapter’s folder.'),
  ci: z
    .array(z.strictObject({ name: z.string(), run: z.string() }))
    .default([])
    .describe('What a machine of GitHub’s needs before the adapter starts, in its folder.'),
  ignored: z.array(z.string()).default([]).describe('What arises in the folder and is no source.'),
  kit: z.strictObject({
    to: z.string().describe('Folder beside the adapter in which the kit goes.'),
    files: z.array(z.string()).min(1).describe('Its files and folders, from the kit’s own folder.'),
  }),
});

/** A language in which `weir init` begins an adapter. */
export interface Language extends z.infer<typeof languageGrammar> {
  /** Name of its kit's folder: `typescript`. */
  readonly name: string;
}
