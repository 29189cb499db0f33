// Before the first paint: the theme that was chosen, so that the page never flashes in the other one.
try {
  const theme = localStorage.getItem('lightsleeper-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's preference is used.
}
