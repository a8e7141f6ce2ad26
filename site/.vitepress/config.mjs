import { readFileSync } from 'node:fs';
import { anchorOf } from '../../dist/site/addresses.js';

const navigation = JSON.parse(readFileSync(new URL('../.pages/navigation.json', import.meta.url), 'utf8'));

/** The text of a page for the search, without what stands in fences: nobody looks for a line of YAML. */
const searched = (text, env, markdown) => markdown.render(text.replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, ''), env);

export default {
  title: 'Weir',
  description: 'Conformance harness and reference peer for session-oriented RPC protocols',
  srcDir: '.pages',
  srcExclude: ['public/**'],
  // site/built-links.ts looks at every link of what was built, anchors among them.
  ignoreDeadLinks: true,
  outDir: 'dist',
  // No icon is better than one that is asked for and not there.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    anchor: { slugify: anchorOf },
    // Those of the default have too little contrast.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    sidebar: navigation,
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Commands', link: '/reference/commands' },
      { text: 'Requirements', link: '/requirements/' },
      { text: 'Cases', link: '/cases/' },
    ],
    outline: { level: [2, 3] },
    search: { provider: 'local', options: { _render: searched } },
  },
};
