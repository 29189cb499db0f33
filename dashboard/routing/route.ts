// The page's addresses.

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'run'; readonly id: string }
  | { readonly page: 'devices'; readonly name: string | null }
  | { readonly page: 'unknown'; readonly path: string };

export function routeOf(path: string): Route {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [first, second] = parts;
  if (first === undefined) return { page: 'home' };
  if (first === 'runs' && second !== undefined && parts.length === 2) return { page: 'run', id: second };
  if (first === 'runs' && parts.length === 1) return { page: 'home' };
  if (first === 'devices' && parts.length <= 2) return { page: 'devices', name: second ?? null };
  return { page: 'unknown', path };
}

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;
export const devicePath = (name: string): string => `/devices/${encodeURIComponent(name)}`;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
