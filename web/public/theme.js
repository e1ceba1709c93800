// The remembered choice of light or dark, before the first paint: a module would come too late and flash.
// A file of its own because the content security policy allows no inline script. The key is theme.tsx's.
try {
  const choice = localStorage.getItem('codesync.theme');
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
} catch {
  // Storage is closed to this page: the system's scheme holds.
}
