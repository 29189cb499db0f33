// The page's addresses.

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'scenario'; readonly name: string }
  | { readonly page: 'run'; readonly id: string }
  /** Runs side by side, in the order of the address. */
  | { readonly page: 'compare'; readonly runs: readonly string[] }
  | { readonly page: 'devices'; readonly name: string | null }
  /** The gate lab: models, and thresholds that can be defended. */
  | { readonly page: 'lab'; readonly model: string | null }
  | { readonly page: 'unknown'; readonly path: string };

/** @param address path and, behind a question mark, what it is asked for */
export function routeOf(address: string): Route {
  const [path = '', query = ''] = address.split('?', 2);
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [first, second] = parts;
  if (first === undefined) return { page: 'home' };
  if (first === 'scenarios' && second !== undefined && parts.length === 2) return { page: 'scenario', name: second };
  if (first === 'scenarios' && parts.length === 1) return { page: 'home' };
  if (first === 'runs' && second !== undefined && parts.length === 2) return { page: 'run', id: second };
  if (first === 'runs' && parts.length === 1) return { page: 'home' };
  if (first === 'compare' && parts.length === 1) return { page: 'compare', runs: runsIn(query) };
  if (first === 'devices' && parts.length <= 2) return { page: 'devices', name: second ?? null };
  if (first === 'lab' && parts.length <= 2) return { page: 'lab', model: second ?? null };
  return { page: 'unknown', path };
}

/** @param query parameters to keep */
export const scenarioPath = (name: string, query: URLSearchParams = new URLSearchParams()): string =>
  addressOf(`/scenarios/${encodeURIComponent(name)}`, query, {});

/** A path with what it is asked for; null takes out. */
export function addressOf(
  path: string,
  query: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): string {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes))
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  return changed.size === 0 ? path : `${path}?${changed}`;
}

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;
export const comparePath = (runs: readonly string[]): string =>
  `/compare?runs=${runs.map(encodeURIComponent).join(',')}`;
export const modelPath = (name: string): string => `/lab/${encodeURIComponent(name)}`;
export const devicePath = (name: string): string => `/devices/${encodeURIComponent(name)}`;

const runsIn = (query: string): readonly string[] => [
  ...new Set((new URLSearchParams(query).get('runs') ?? '').split(',').filter((id) => id !== '')),
];

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
