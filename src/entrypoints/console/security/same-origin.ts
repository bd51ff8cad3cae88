// Cross-site request forgery: what changes something must come from one of our own pages. AdminJS has no such check.
import type { RequestHandler } from 'express';

/**
 * Refuses (403) every request but GET and HEAD that a browser did not send from this origin. Sec-Fetch-Site decides where the browser
 * sends it; else the Origin header must name this host or `publicUrl`. Neither header: refused, whoever it is.
 */
export function sameOriginOnly(publicUrl: string | undefined): RequestHandler {
  const publicHost = publicUrl ? new URL(publicUrl).host : undefined;
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') { next(); return; }
    const site = request.get('sec-fetch-site');
    const allowed = site === undefined ? isOwn(request.get('origin'), [request.get('host'), publicHost]) : site === 'same-origin';
    if (allowed) next();
    else response.status(403).json({ error: { code: 'forbidden', message: 'the request did not come from a page of this console' } });
  };
}

function isOwn(origin: string | undefined, hosts: readonly (string | undefined)[]): boolean {
  try { return origin !== undefined && hosts.includes(new URL(origin).host); } catch { return false; }
}
