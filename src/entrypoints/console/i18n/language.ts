// Which language a browser gets: the one it chose (a cookie), else the one it asks for.
import type { Request } from 'express';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Also set by the language switch in the browser; AdminJS reads it there. */
export const LANGUAGE_COOKIE = 'holdfast_language';

/** The language of this request. */
export function chosenLanguage(request: Request): Language {
  const cookie = new RegExp(`(?:^|;\\s*)${LANGUAGE_COOKIE}=([\\w-]+)`).exec(request.get('cookie') ?? '')?.[1];
  if (cookie === 'en' || cookie === 'zh-CN') return cookie;
  return request.acceptsLanguages('en', 'zh-CN', 'zh') === 'en' || !request.acceptsLanguages('zh-CN', 'zh') ? 'en' : 'zh-CN';
}

/** The Set-Cookie value that remembers it for a year. */
export function languageCookie(language: Language): string {
  return `${LANGUAGE_COOKIE}=${language}; Path=/console; Max-Age=31536000; SameSite=Strict`;
}
