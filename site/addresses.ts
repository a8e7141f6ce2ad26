/** The anchor that repository hosts give a heading: `Is the adapter right?` → `is-the-adapter-right`. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

/** The area of requirements that an id belongs to: `RIVER-STREAM-RPC-01` → `stream-rpc`. Every id begins with its protocol. */
export function areaOfRequirement(id: string): string {
  const [, ...words] = id.toLowerCase().split('-');
  const area = words.filter((word) => !/^\d+[a-z]?$/.test(word)).join('-');
  return area === '' ? 'all' : area;
}

/** Where a requirement stands in the site. */
export function addressOfRequirement(protocol: string, id: string): string {
  return `/requirements/${protocol}/${areaOfRequirement(id)}#${id.toLowerCase()}`;
}

/** The folder of a case file, and its name: `river/rpc/add` → `rpc`, `add`; deeper folders belong to the name. */
export function partsOfCase(id: string): { readonly protocol: string; readonly area: string; readonly name: string } {
  const [protocol = '', area = '', ...rest] = id.split('/');
  return { protocol, area, name: rest.join('/') };
}

/** Where a case file stands in the site. */
export function addressOfCase(id: string): string {
  const { protocol, area, name } = partsOfCase(id);
  return `/cases/${protocol}/${area}#${anchorOfCase(name)}`;
}

/** Anchor of a case on the page of its area. */
export function anchorOfCase(name: string): string {
  return name.replaceAll('/', '-').toLowerCase();
}
