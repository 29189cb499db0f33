// Before the first paint: the theme that the link asks for or that was chosen, so that the page never flashes in the other one.
try {
  const asked = new URLSearchParams(location.search).get('theme');
  const theme = asked === 'light' || asked === 'dark' ? asked : localStorage.getItem('lightsleeper-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's preference is used.
}
