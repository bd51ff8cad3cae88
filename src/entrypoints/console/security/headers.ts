// Response headers of every console page: a strict policy without outside hosts, and nothing kept by caches.
import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** SHA-256 of the empty text: the style libraries insert an empty <style> and fill it through the object model. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** The nonce of this response, for `<script>` and `<style>` of the pages we render. */
export function nonceOf(response: Response): string { return String(response.locals['nonce']); }

/** Sets the security headers; `https` adds transport security. Referrer-policy is same-origin because no-referrer makes forms post `Origin: null`. */
export function securityHeaders(https: boolean): RequestHandler[] {
  const nonce = (_request: unknown, response: { locals?: Record<string, unknown> }): string => `'nonce-${String(response.locals?.['nonce'])}'`;
  return [
    (_request, response, next) => {
      response.locals['nonce'] = randomBytes(16).toString('base64');
      response.setHeader('Cache-Control', 'no-store');
      next();
    },
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", nonce as () => string],
        'style-src': ["'self'", nonce as () => string, EMPTY_STYLE],
        'img-src': ["'self'", 'data:'], 'font-src': ["'self'"], 'connect-src': ["'self'"],
        'form-action': ["'self'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"], 'object-src': ["'none'"],
      } },
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: https,
      crossOriginEmbedderPolicy: false,
    }),
  ];
}
