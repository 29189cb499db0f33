// The address bar as a signal, and links that change it without loading the page anew.

import { computed, signal } from '@preact/signals';
import { routeOf } from './route.ts';

const here = () => location.pathname + location.search;
const address = signal(here());
export const route = computed(() => routeOf(address.value));

export function navigate(to: string): void {
  if (to !== here()) history.pushState(null, '', to);
  address.value = to;
  scrollTo(0, 0);
  // Readers and the keyboard start over at the new page's top.
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Follows plain clicks on links within the page; a click with a modifier stays the browser's. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    address.value = here();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.origin !== location.origin || link.target !== '' || link.hash !== '') return;
    if (link.pathname.startsWith('/api/') || link.hasAttribute('download')) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
