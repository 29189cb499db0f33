// Who may talk to the server. It has no passwords: it listens on this machine only, and a web page from elsewhere must not reach it through the
// person's browser, neither by a form or script of its own (Origin) nor by a name that it makes point here (Host; "DNS rebinding").

import { isIP } from 'node:net';
import { hostname } from 'node:os';

export interface AccessRequest {
  readonly host: string | undefined;
  readonly origin?: string | undefined;
  /** `Sec-Fetch-Site`, which browsers send and pages cannot change. */
  readonly site?: string | undefined;
}

/** Says why a request is refused, or null when it is not. */
export interface Access {
  /** For every request. */
  checkHost(request: AccessRequest): string | null;
  /** For requests that change something or open a live connection. */
  checkOrigin(request: AccessRequest): string | null;
}

/**
 * The rules for a server that listens on `address`. Loopback names are always good, on any port, since tunnels and development proxies change it;
 * a server that listens on all addresses is also good by number and by the machine's own name, one that listens on a named address by that.
 */
export function accessTo(address: string): Access {
  const everywhere = address === '0.0.0.0' || address === '::';
  const own = hostname().toLowerCase();
  const names = new Set(everywhere ? [own, `${own}.local`] : [address.toLowerCase()]);
  const allowed = (name: string) => isLoopback(name) || names.has(name) || (everywhere && isIP(name) !== 0);
  return {
    checkHost({ host }) {
      const name = host === undefined ? null : nameOf(host);
      if (name !== null && allowed(name)) return null;
      return `This server does not answer to the name ${host ?? '(none)'}. Open it as localhost, or start it with --host and the address to use.`;
    },
    checkOrigin({ host, origin, site }) {
      const elsewhere = site !== undefined && site !== 'same-origin' && site !== 'none';
      if (!elsewhere && (origin === undefined || hostOf(origin) === host?.toLowerCase())) return null;
      return `A page from ${origin ?? 'another site'} may not control this server. Use the page that the server itself serves.`;
    },
  };
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isIP(name) === 4 && name.startsWith('127.'))
  );
}

/** The name in a Host header, without port and brackets. */
function nameOf(host: string): string | null {
  if (!/^[\w.:[\]-]+$/.test(host)) return null;
  const url = parseUrl(`http://${host}`);
  return url === null ? null : url.hostname.replace(/^\[|\]$/g, '');
}

function hostOf(origin: string): string | null {
  return parseUrl(origin)?.host ?? null;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
