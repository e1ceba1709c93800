// Where to go after signing in: `?to=` of the sign-in page, trusted only as far as it stays on this site.

const HOME = '/documents';

/** The address of the sign-in page that leads back to `path` (with its query) afterwards. */
export function signInAddress(path: string): string {
  return `/login?to=${encodeURIComponent(path)}`;
}

/** The same `to` for the other form, so that changing one's mind loses nothing. */
export function withReturn(path: '/login' | '/register', search: string): string {
  const to = new URLSearchParams(search).get('to');
  return to === null ? path : `${path}?to=${encodeURIComponent(to)}`;
}

/**
 * A path on this site, `/documents` if `to` is missing or leads elsewhere. `//evil`, `/\evil` and `javascript:` would leave the site
 * with the person's trust in it; the forms themselves would send people in a circle.
 */
export function returnTo(search: string, origin: string): string {
  const to = new URLSearchParams(search).get('to');
  if (to === null || !to.startsWith('/')) return HOME;
  const url = URL.parse(to, origin);
  if (url === null || url.origin !== origin || url.pathname.startsWith('//')) return HOME;
  return url.pathname === '/login' || url.pathname === '/register' ? HOME : url.pathname + url.search + url.hash;
}
