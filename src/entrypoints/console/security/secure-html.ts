// What AdminJS renders is made safe here: its state is written raw into a script, it links an outside font, and knows no nonces.

const STATE_START = '<script>';
const STATE_END = '\n        window.AdminJS = {';
const OUTSIDE_LINK = /<link rel="stylesheet" href="https:\/\/[^"]*" type="text\/css">/g;

export interface PageFrame { readonly nonce: string; readonly language: string; readonly assetVersion: string; readonly assetPath: string }

/**
 * The page with `<` in its state escaped, then nonces on our scripts and styles, outside links removed, the chosen language named and
 * asset addresses versioned. The order matters: a nonce on an unescaped `</script><script>` would bless it. Throws when AdminJS's
 * template is not the one we know: better no page than an unguarded one.
 */
export function secureHtml(html: string, frame: PageFrame): string {
  const start = html.indexOf(STATE_START), end = html.indexOf(STATE_END, start);
  if (start < 0 || end < 0) throw new Error('the page template of AdminJS changed: its state was not found');
  const stateStart = start + STATE_START.length;
  // JSON text holds no raw line break, so the end anchor cannot stand inside the state.
  const state = html.slice(stateStart, end).replaceAll('<', '\\u003c');
  const rest = html.slice(end)
    .replace(OUTSIDE_LINK, '')
    .replaceAll('<script>', `<script nonce="${frame.nonce}">`)
    .replaceAll('<style>', `<style nonce="${frame.nonce}">`)
    .replaceAll(new RegExp(`(src|href)="(${frame.assetPath}[^"?]*)"`, 'g'), `$1="$2?v=${frame.assetVersion}"`);
  const head = html.slice(0, start).replace(/<html lang=[^>]*>/, `<html lang="${frame.language}">`);
  return `${head.trimStart()}<script nonce="${frame.nonce}">window.__webpack_nonce__ = ${JSON.stringify(frame.nonce)};${state}${rest}`;
}
